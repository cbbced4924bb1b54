import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { FaultNote } from "@/shared/FaultNote";
import { type Run, type Shot, useShotCommand } from "@/story/data/runs";

/** The story has changed since: the picture stays, and another one can be made of the new words. */
export function Older({ run, shot }: { run: Run; shot: Shot }) {
  const asking = useShotCommand(run.runId, shot.id);
  if (!shot.outdated) return null;
  const { says, renews } = shot.outdated;
  const isComing = ["waiting", "ready", "making"].includes(shot.status);
  return (
    <Alert color="amber" title="Older than its beat" data-outdated>
      <Stack gap="xs" align="start">
        <Text size="sm">
          {says} {!renews && "Somebody has given them, so they stay until somebody changes them."}
        </Text>
        {renews && !isComing && (
          <Button
            size="xs"
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => asking.mutate({ does: "regenerate", seed: null })}
            loading={asking.isPending}
          >
            Make again from the new words
          </Button>
        )}
        {asking.error && <FaultNote error={asking.error} />}
      </Stack>
    </Alert>
  );
}
