import { Group, RingProgress, SimpleGrid, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconCpuOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { Fault } from "@/api/fault";
import { Ask } from "@/shared/Ask";
import { Card } from "@/shared/Card";
import { Empty } from "@/shared/Empty";

type Status = Schema<"GpuStatus">;
type Device = Schema<"Gpu">;

/** The server looks at the GPU once in five seconds, whoever asks; there is no event for it. */
const EVERY_MS = 5000;
/** One that was not there is seldom there soon, and browsers log each answer that says so. */
const SELDOM_MS = 60_000;

/** How busy, full and hot each GPU of the server is. */
export function Gpu() {
  const query = useQuery({
    queryKey: ["gpu"],
    queryFn: look,
    refetchInterval: ({ state }) => (state.data?.available ? EVERY_MS : SELDOM_MS),
    retry: false,
  });
  return (
    <Card title="GPU">
      <Ask query={query} height={150}>
        {(status) => <Devices status={status} />}
      </Ask>
    </Card>
  );
}

/** A machine without a GPU answers with the status 500 and says so: that is no failure here. */
async function look(): Promise<Status> {
  try {
    return await body(api.GET("/api/v1/gpu/status"));
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 500) throw error;
    return { ...NONE, error: error.message };
  }
}

const NONE: Status = {
  available: false,
  gpuCount: 0,
  utilization: 0,
  memoryUsed: 0,
  memoryTotal: 0,
  temperature: 0,
  processCount: 0,
  gpus: [],
};

function Devices({ status }: { status: Status }) {
  if (status.gpus.length === 0)
    return (
      <Empty title="No GPU here" icon={<IconCpuOff aria-hidden />}>
        {status.error ??
          "Pictures are drawn by the server itself, or painted by a model elsewhere."}
      </Empty>
    );
  return (
    <Stack>
      {status.gpus.map((device, place) => (
        <DeviceGauges key={device.uuid ?? place} device={device} />
      ))}
    </Stack>
  );
}

function DeviceGauges({ device }: { device: Device }) {
  const { memoryUsed, memoryTotal } = device;
  const full = memoryUsed != null && memoryTotal ? (memoryUsed / memoryTotal) * 100 : null;
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{device.name ?? `GPU ${device.index ?? ""}`}</Text>
        <Text size="sm" c="dimmed">
          {programs(device.processCount)}
        </Text>
      </Group>
      {device.error && <Text size="sm">{device.error}</Text>}
      <SimpleGrid cols={3}>
        <Gauge label="Busy" percent={device.utilization} value={percent(device.utilization)} />
        <Gauge label="Memory" percent={full} value={gib(memoryUsed)} of={gib(memoryTotal)} />
        <Gauge
          label="Heat"
          percent={device.temperature}
          value={device.temperature == null ? UNKNOWN : `${device.temperature} °C`}
        />
      </SimpleGrid>
    </Stack>
  );
}

type GaugeProps = {
  label: string;
  percent: number | null | undefined;
  value: string;
  of?: string;
};
const HIGH = 85;
const UNKNOWN = "unknown";

function Gauge({ label, percent, value, of }: GaugeProps) {
  const color = (percent ?? 0) >= HIGH ? "red" : "blue";
  return (
    <Stack align="center" gap={0}>
      <RingProgress
        size={88}
        thickness={8}
        roundCaps
        sections={[{ value: percent ?? 0, color }]}
        aria-hidden
        label={
          <Text ta="center" size="xs" fw={600} aria-hidden>
            {value}
          </Text>
        }
      />
      <Text size="sm" component="p">
        {label}
        <VisuallyHidden>{`: ${value}`}</VisuallyHidden>
        {of && <Text span inherit c="dimmed">{` of ${of}`}</Text>}
      </Text>
    </Stack>
  );
}

function programs(count: number | null | undefined): string {
  if (count == null) return "";
  return count === 1 ? "1 program computes on it" : `${count} programs compute on it`;
}

function percent(value: number | null | undefined): string {
  return value == null ? UNKNOWN : `${value} %`;
}

function gib(mib: number | null | undefined): string {
  return mib == null ? UNKNOWN : `${(mib / 1024).toFixed(1)} GiB`;
}
