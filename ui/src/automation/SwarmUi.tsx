import { Badge, Button, Code, Group, type MantineColor, ScrollArea, Text } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { Ask } from "@/shared/Ask";
import { Card } from "@/shared/Card";
import { FaultNote } from "@/shared/FaultNote";

type Status = Schema<"SwarmStatus">;
type Phase = Schema<"Phase">;

/** SwarmUI tells nobody how far it is, so it is asked: often while it is on its way. */
const OFTEN_MS = 2000;
const NOW_AND_THEN_MS = 15_000;

const PHASES: Record<Phase, { says: string; color: MantineColor }> = {
  stopped: { says: "not running", color: "gray" },
  starting: { says: "starting", color: "amber" },
  loading_backends: { says: "loading its backends", color: "amber" },
  ready: { says: "ready", color: "teal" },
  no_backends: { says: "without a backend", color: "red" },
  stopping: { says: "stopping", color: "amber" },
  failed: { says: "failed", color: "red" },
};
const ON_ITS_WAY: readonly Phase[] = ["starting", "loading_backends", "stopping"];
const RUNS: readonly Phase[] = ["starting", "loading_backends", "ready", "no_backends"];

/** The program that paints on your GPU: how far it is, and its last words. */
export function SwarmUi() {
  const query = useQuery({
    queryKey: ["swarmui"],
    queryFn: () => body(api.GET("/api/v1/swarmui/status")),
    refetchInterval: ({ state }) =>
      state.data && ON_ITS_WAY.includes(state.data.phase) ? OFTEN_MS : NOW_AND_THEN_MS,
  });
  return (
    <Card title="SwarmUI">
      <Ask query={query} height={120}>
        {(status) => <Engine status={status} />}
      </Ask>
    </Card>
  );
}

function Engine({ status }: { status: Status }) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["swarmui"] });
  const start = useMutation({ mutationFn: () => api.POST("/api/v1/swarmui/start"), onSettled });
  const stop = useMutation({ mutationFn: () => api.POST("/api/v1/swarmui/stop"), onSettled });
  const phase = start.isPending ? "starting" : status.phase;
  const runs = RUNS.includes(phase);
  const { says, color } = PHASES[phase];
  const fault = start.error ?? stop.error;
  const obstacle = !runs && phase !== "stopping" && status.launchObstacle;
  if (obstacle && !status.isSetUp) return <NotSetUp why={obstacle} />;
  return (
    <>
      <Group justify="space-between" role="status">
        <Badge color={color} variant="light" tt="none" size="lg">
          {says}
        </Badge>
        {runs ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            loading={stop.isPending}
            disabled={!status.startedByUs}
            onClick={() => stop.mutate()}
          >
            Stop
          </Button>
        ) : (
          !obstacle && (
            <Button
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              onClick={() => start.mutate()}
            >
              Start
            </Button>
          )
        )}
      </Group>
      {obstacle && <Text size="sm">It cannot be started from here: {obstacle}.</Text>}
      {fault ? (
        <FaultNote error={fault} />
      ) : (
        // What went wrong last may be the same that would go wrong now.
        status.message !== obstacle && <Text size="sm">{status.message}</Text>
      )}
      {runs && !status.startedByUs && (
        <Text size="sm" c="dimmed">
          It was started elsewhere, so it is stopped there.
        </Text>
      )}
      <LastWords lines={status.lastLines} />
    </>
  );
}

/** Nobody has named one. */
function NotSetUp({ why }: { why: string }) {
  return (
    <>
      <Badge color="gray" variant="light" tt="none" size="lg" role="status">
        not set up
      </Badge>
      <Text size="sm">It cannot be started from here: {why}.</Text>
      <Text size="sm" c="dimmed">
        To set one up, install SwarmUI, start it once by hand, name its folder in{" "}
        <Code>STORYLOOM_SWARMUI_DIR</Code>, and restart Storyloom. One that already runs is found by
        itself.
      </Text>
    </>
  );
}

function LastWords({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ScrollArea.Autosize
      mah={180}
      type="auto"
      viewportProps={{ tabIndex: 0, "aria-label": "Its last lines" }}
    >
      <Code block>{lines.join("\n")}</Code>
    </ScrollArea.Autosize>
  );
}
