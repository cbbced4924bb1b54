import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { Ask } from "@/shared/Ask";
import { exactly } from "@/shared/times";
import { DESK, runAt } from "@/story/addresses";
import { Crumb } from "@/story/Crumb";
import { isGone, useEpisode } from "@/story/data/episode";
import { type Listed, useRun, useRuns } from "@/story/data/runs";
import { EpisodeView } from "@/story/episode/EpisodeView";
import { NoSuch } from "@/story/NoSuch";
import { StartPanel } from "@/story/start/StartPanel";
import { hasEnded, many, stageOf } from "@/story/words";

/** A story before its pictures, or between two runs: its beats, who is in it, and the next run. */
export function EpisodePage({ timestamp }: { timestamp: number }) {
  const episode = useEpisode(timestamp);
  const runs = useRuns();
  const ofThis = runs.data?.filter(({ sessionTimestamp }) => sessionTimestamp === timestamp) ?? [];
  const newest = useRun(ofThis[0]?.runId);
  if (isGone(episode) || !Number.isSafeInteger(timestamp)) return <NoSuch timestamp={timestamp} />;
  return (
    <Stack gap="lg">
      <Crumb href={DESK} />
      <Ask query={episode} height="60dvh">
        {({ title }) => (
          <>
            <div>
              <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
                {title}
              </Title>
              {ofThis.length > 0 && (
                <Group gap="sm">
                  <Text size="sm" c="dimmed">
                    Runs of it:
                  </Text>
                  {ofThis.map((run) => (
                    <Anchor key={run.runId} component={Link} href={runAt(run.runId)} size="sm">
                      {toldApart(run)}
                    </Anchor>
                  ))}
                </Group>
              )}
            </div>
            <StartPanel wish={{ sessionTimestamp: timestamp }} />
            <EpisodeView
              timestamp={timestamp}
              isGoing={ofThis.some((run) => !hasEnded(run))}
              beats={newest.data?.beats}
            />
          </>
        )}
      </Ask>
    </Stack>
  );
}

/** What tells a run apart from others of the same story. */
function toldApart(run: Listed): string {
  const made = run.pictures === null ? [] : [many(run.pictures, "picture")];
  return [stageOf(run), ...made, exactly(run.createdAt)].join(" · ");
}
