import { NumberInput, SimpleGrid, TagsInput } from "@mantine/core";
import type { Schema } from "@/api/client";
import type { Fields } from "@/automation/Config";
import { type Faults, faultWithin } from "@/automation/faults";
import { whole } from "@/automation/numbers";

type Thresholds = Schema<"GpuThresholds">;
type Limit = Exclude<keyof Thresholds, "devices">;

const LIMITS: { name: Limit; label: string; suffix: string; max: number; step?: number }[] = [
  { name: "maxUtilization", label: "Pause when busier than", suffix: " %", max: 100 },
  { name: "resumeUtilization", label: "Go on when below", suffix: " %", max: 100 },
  { name: "maxTemperature", label: "Pause when hotter than", suffix: " °C", max: 120 },
  { name: "resumeTemperature", label: "Go on when cooler than", suffix: " °C", max: 120 },
  {
    name: "minFreeMemory",
    label: "Memory that has to be free",
    suffix: " MiB",
    max: 1_000_000,
    step: 512,
  },
];
const MINUTE_S = 60;

/** When the GPU is left to others, or to cool down; it is looked at between two pictures. */
export function GpuFields({ config, faults, change }: Fields) {
  const set = (changed: Partial<Thresholds>) => change({ gpu: { ...config.gpu, ...changed } });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {LIMITS.map(({ name, label, suffix, max, step = 1 }) => (
        <NumberInput
          key={name}
          label={label}
          suffix={suffix}
          min={0}
          max={max}
          step={step}
          value={config.gpu[name]}
          error={inLabels(faults[`gpu.${name}`])}
          onChange={(value) => set({ [name]: whole(value, config.gpu[name]) })}
        />
      ))}
      <NumberInput
        label="Wait for the GPU at most"
        description="Then the run goes on without it"
        suffix=" minutes"
        min={0}
        value={Math.round(config.maxGpuWait / MINUTE_S)}
        error={faults.maxGpuWait}
        onChange={(value) =>
          change({ maxGpuWait: whole(value, config.maxGpuWait / MINUTE_S) * MINUTE_S })
        }
      />
      <TagsInput
        label="Only these GPUs"
        description="By index or UUID; none for those that the engine uses"
        value={config.gpu.devices}
        error={faultWithin(faults, "gpu.devices")}
        onChange={(devices) => set({ devices })}
      />
    </SimpleGrid>
  );
}

/** The server names fields as programs do; here they have labels. */
function inLabels(said: Faults[string] | undefined): string | undefined {
  return LIMITS.reduce(
    (told, { name, label }) => told?.replace(new RegExp(`\\b${name}\\b`), `“${label}”`),
    said,
  );
}
