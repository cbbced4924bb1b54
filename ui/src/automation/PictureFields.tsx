import {
  Checkbox,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { Schema } from "@/api/client";
import type { Fields } from "@/automation/Config";
import { whole } from "@/automation/numbers";

const BACKENDS: { value: Schema<"Backend">; label: string }[] = [
  { value: "auto", label: "The best available" },
  { value: "swarmui", label: "SwarmUI" },
  { value: "comfyui", label: "ComfyUI" },
  { value: "model", label: "An image model" },
  { value: "frames", label: "Drawn frames, without a model" },
];
const ENDS: { value: Schema<"StopAfter">; label: string }[] = [
  { value: "images", label: "All pictures" },
  { value: "prompts", label: "The prompts" },
  { value: "beats", label: "The beats" },
];
const RESORTS: { value: Schema<"LastResort">; label: string }[] = [
  { value: "frame", label: "A drawn frame stands in" },
  { value: "fail", label: "It is left out" },
];

/** Who makes the pictures, how many, and how they look. */
export function PictureFields({ config, faults, change }: Fields) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Made by"
          data={BACKENDS}
          value={config.backend}
          allowDeselect={false}
          onChange={(backend) => backend && change({ backend: backend as Schema<"Backend"> })}
        />
        <NumberInput
          label="Pictures for each prompt"
          min={1}
          max={8}
          value={config.imagesPerPrompt}
          error={faults.imagesPerPrompt}
          onChange={(value) => change({ imagesPerPrompt: whole(value, config.imagesPerPrompt) })}
        />
        <Select
          label="A run ends with"
          data={ENDS}
          value={config.stopAfter}
          allowDeselect={false}
          onChange={(end) => end && change({ stopAfter: end as Schema<"StopAfter"> })}
        />
        <Select
          label="If a picture cannot be made"
          data={RESORTS}
          value={config.lastResort}
          allowDeselect={false}
          onChange={(resort) => resort && change({ lastResort: resort as Schema<"LastResort"> })}
        />
      </SimpleGrid>
      <Checkbox.Group
        label="Shapes"
        value={config.aspects}
        onChange={(aspects) =>
          aspects.length > 0 && change({ aspects: aspects as Schema<"Aspect">[] })
        }
      >
        <Group mt="xs">
          <Checkbox value="cinematic" label="Landscape, 16:9" />
          <Checkbox value="vertical" label="Portrait, 9:16" />
        </Group>
      </Checkbox.Group>
      <TextInput
        label="Model"
        description="By the name that the engine has for it; empty for its usual one"
        value={config.model ?? ""}
        error={faults.model}
        onChange={(event) => change({ model: event.currentTarget.value || null })}
      />
      <Textarea
        label="Style"
        description="Added to every prompt that is written here"
        placeholder="35mm film, soft light"
        autosize
        minRows={1}
        value={config.style}
        error={faults.style}
        onChange={(event) => change({ style: event.currentTarget.value })}
      />
    </>
  );
}
