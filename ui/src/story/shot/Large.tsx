import { Badge, Box, Button, Center, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Fault } from "@/api/fault";
import { FaultNote } from "@/shared/FaultNote";
import { type Shot, useShotCommand } from "@/story/data/runs";
import { SHOT } from "@/story/words";

/** The picture as it is; or why there is none. */
export function Large({ runId, shot }: { runId: string; shot: Shot }) {
  const cancelling = useShotCommand(runId, shot.id);
  const { says, color } = SHOT[shot.status];
  const version = shot.versions.find(({ number }) => number === shot.chosen);
  const width = version?.picture.width ?? (shot.aspect === "cinematic" ? 1344 : 768);
  const height = version?.picture.height ?? (shot.aspect === "cinematic" ? 768 : 1344);
  const isWaiting = ["waiting", "ready", "making"].includes(shot.status);
  return (
    <div>
      <Box
        bg="light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-8))"
        style={{ borderRadius: "var(--mantine-radius-md)", overflow: "hidden" }}
      >
        {shot.imageUrl ? (
          <img
            src={shot.imageUrl}
            alt={shot.caption || "The picture"}
            width={width}
            height={height}
            style={{
              display: "block",
              width: "auto",
              maxWidth: "100%",
              maxHeight: "68dvh",
              margin: "0 auto",
            }}
          />
        ) : (
          <Center
            style={{ aspectRatio: `${width} / ${height}`, maxHeight: "68dvh", width: "100%" }}
          >
            <Text c="dimmed">No picture yet</Text>
          </Center>
        )}
      </Box>
      <Group mt="xs" justify="space-between">
        <Group gap="xs" role="status">
          <Badge color={color} variant="light" tt="none" data-shot-status={shot.status}>
            {says}
          </Badge>
          {shot.imageUrl && isWaiting && <Text size="sm">Another one is on its way.</Text>}
        </Group>
        <Group gap="xs">
          {isWaiting && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              onClick={() => cancelling.mutate({ does: "cancel" })}
              loading={cancelling.isPending}
            >
              Leave this one out
            </Button>
          )}
          {shot.imageUrl && (
            <Button
              component="a"
              href={shot.imageUrl}
              download={`${shot.id}.png`}
              size="compact-sm"
              variant="light"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              Download
            </Button>
          )}
        </Group>
      </Group>
      {shot.errorMessage && (
        <FaultNote error={new Fault(shot.errorMessage, shot.errorCode ?? "shot_failed", 0)} />
      )}
      {cancelling.error && <FaultNote error={cancelling.error} />}
    </div>
  );
}
