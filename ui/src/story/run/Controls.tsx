import { Button, Group, Popover, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { FaultNote } from "@/shared/FaultNote";
import { type Run, useRunCommand } from "@/story/data/runs";
import { hasEnded } from "@/story/words";

/** What can be asked of a run now. */
export function Controls({ run }: { run: Run }) {
  const command = useRunCommand(run.runId);
  const { counts } = run;
  const left = counts.waiting + counts.ready + counts.making;
  const isOver = hasEnded(run);
  const isCancelling = run.wanted === "cancel";
  const busy = (asked: typeof command.variables) =>
    command.isPending && command.variables === asked;
  return (
    <Stack gap="xs" align="end">
      <Group gap="xs">
        {!isOver && !isCancelling && run.wanted !== "pause" && (
          <Button
            variant="light"
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            onClick={() => command.mutate("pause")}
            loading={busy("pause")}
          >
            Pause
          </Button>
        )}
        {!isOver && run.wanted === "pause" && (
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => command.mutate("resume")}
            loading={busy("resume")}
          >
            Go on
          </Button>
        )}
        {!isOver && !isCancelling && <Cancel onYes={() => command.mutate("cancel")} />}
        {(counts.failed > 0 || run.status === "failed" || (isOver && left > 0)) && (
          <Button
            variant="light"
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => command.mutate("retry")}
            loading={busy("retry")}
          >
            {counts.failed ? "Try the failed ones again" : "Go on"}
          </Button>
        )}
        {isOver && counts.degraded > 0 && (
          <Button
            variant="light"
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => command.mutate("retry_degraded")}
            loading={busy("retry_degraded")}
          >
            Try all again that are not as asked
          </Button>
        )}
      </Group>
      {command.error && <FaultNote error={command.error} />}
    </Stack>
  );
}

function Cancel({ onYes }: { onYes: () => void }) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <Popover opened={opened} onChange={close} trapFocus position="bottom-end" withArrow>
      <Popover.Target>
        <Button
          variant="light"
          color="red"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={toggle}
        >
          Cancel
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Cancel this run?">
        <Text size="sm" mb="xs">
          It stops at once. What is made stays.
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            color="red"
            onClick={() => {
              close();
              onYes();
            }}
          >
            Cancel the run
          </Button>
          <Button size="xs" variant="subtle" onClick={close}>
            Let it go on
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
