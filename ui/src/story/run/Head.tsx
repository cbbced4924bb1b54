import { Badge, Group, Paper, Progress, Stack, Text, Title } from "@mantine/core";
import { lasting } from "@/shared/times";
import { When } from "@/shared/When";
import type { Episode } from "@/story/data/episode";
import type { Run } from "@/story/data/runs";
import { Controls } from "@/story/run/Controls";
import { colorOf } from "@/story/run/color";
import { Waits } from "@/story/run/Waits";
import { hasEnded, MAKER, many, SHOT, stageOf } from "@/story/words";

const ORDER = ["done", "degraded", "making", "failed", "cancelled"] as const;

/** How far a run is, what holds it up, and what can be asked of it. */
export function Head({ run, episode }: { run: Run; episode: Episode | undefined }) {
  const { counts, eta } = run;
  const isOver = hasEnded(run);
  const made = counts.done + counts.degraded;
  const beats = episode?.scenes.reduce((sum, scene) => sum + scene.beats.length, 0) ?? 0;
  return (
    <Paper withBorder p={{ base: "sm", sm: "lg" }} component="section" aria-label="This run">
      <Stack gap="sm">
        <Group justify="space-between" align="start">
          <div>
            <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
              {episode?.title ?? "A story"}
            </Title>
            <Text size="sm" c="dimmed">
              Begun <When at={run.createdAt} />
              {run.backend && ` · pictures by ${MAKER[run.backend] ?? run.backend}`}
            </Text>
          </div>
          <Controls run={run} />
        </Group>
        <div role="status">
          <Group gap="sm" mb={6}>
            <Badge size="lg" variant="light" color={colorOf(run)} tt="none" data-stage={run.stage}>
              {stageOf(run)}
            </Badge>
            <Text fw={600} data-made={made} data-total={counts.total}>
              {counts.total
                ? `${made} of ${many(counts.total, "picture")}`
                : `${many(beats, "beat")} found${isOver ? "" : " so far"}`}
            </Text>
            <Text size="sm" c="dimmed">
              {ORDER.filter((one) => one !== "done" && counts[one])
                .map((one) => `${counts[one]} ${SHOT[one].says}`)
                .join(" · ")}
            </Text>
          </Group>
        </div>
        {(counts.total > 0 || !isOver) && (
          <Progress.Root size="lg" radius="xl" transitionDuration={200}>
            {ORDER.map((one) => (
              <Progress.Section
                key={one}
                value={counts.total ? (100 * counts[one]) / counts.total : 0}
                color={SHOT[one].color}
                striped={one === "making"}
                animated={one === "making"}
                aria-label={SHOT[one].says}
              />
            ))}
          </Progress.Root>
        )}
        {eta && !isOver && (
          <Text size="sm">
            <strong>About {lasting(eta.seconds * 1000)} left.</strong>{" "}
            <Text span c="dimmed" inherit>
              {eta.basis}.
            </Text>
          </Text>
        )}
        <Waits run={run} />
      </Stack>
    </Paper>
  );
}
