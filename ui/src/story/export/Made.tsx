import { Badge, Button, Group, Loader, Paper, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Schema } from "@/api/client";
import { Fault } from "@/api/fault";
import { FaultNote } from "@/shared/FaultNote";
import { When } from "@/shared/When";
import { many } from "@/story/words";

/** The files that were asked for: being made, made, or why not. */
export function Made({ exports }: { exports: Schema<"ExportView">[] }) {
  return (
    <Stack gap="xs">
      {exports.map((one) => (
        <Paper key={one.name} withBorder p="sm" data-export={one.name} data-status={one.status}>
          <Group justify="space-between">
            <div>
              <Text fw={600}>{one.fileName ?? one.name}</Text>
              <Group gap="xs" role="status">
                <State status={one.status} />
                <Text size="sm" c="dimmed">
                  {one.sizeBytes !== null && `${sized(one.sizeBytes)} · `}
                  <When at={one.madeAt ?? one.askedAt} />
                </Text>
              </Group>
              {one.leftOut.length > 0 && (
                <Text size="sm">
                  {many(one.leftOut.length, "picture")} could not be read: a card stands for each.
                </Text>
              )}
            </div>
            {one.status === "completed" && (
              <Button
                component="a"
                href={one.url}
                download={one.fileName ?? one.name}
                variant="light"
                leftSection={<IconDownload size={16} aria-hidden />}
                aria-label={`Download ${one.fileName ?? one.name}`}
              >
                Download
              </Button>
            )}
          </Group>
          {one.errorMessage && (
            <FaultNote error={new Fault(one.errorMessage, one.errorCode ?? "export_failed", 0)} />
          )}
        </Paper>
      ))}
    </Stack>
  );
}

function State({ status }: { status: Schema<"JobStatus"> }) {
  const isGoing = status === "pending" || status === "processing";
  const [says, color] = SAYS[status];
  return (
    <Badge
      variant="light"
      color={color}
      tt="none"
      leftSection={isGoing ? <Loader size={10} aria-hidden /> : undefined}
    >
      {says}
    </Badge>
  );
}

const SAYS: Record<Schema<"JobStatus">, [string, string]> = {
  pending: ["waits", "gray"],
  processing: ["being made", "blue"],
  completed: ["ready", "teal"],
  failed: ["not made", "red"],
  cancelled: ["cancelled", "gray"],
};

function sized(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
