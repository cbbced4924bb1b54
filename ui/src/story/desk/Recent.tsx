import { Anchor, Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconMovie } from "@tabler/icons-react";
import { Link } from "wouter";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";
import { When } from "@/shared/When";
import { runAt, sessionAt } from "@/story/addresses";
import { useSessions } from "@/story/data/episode";
import { useRuns } from "@/story/data/runs";
import { colorOf } from "@/story/run/color";
import { many, stageOf } from "@/story/words";

/** The stories that are there, the newest first, and how far the last run of each is. */
export function Recent() {
  const runs = useRuns();
  const sessions = useSessions();
  return (
    <Stack component="section" aria-labelledby="recent" gap="sm">
      <Title order={2} size="h3" id="recent">
        Your stories
      </Title>
      <Ask query={sessions} height={320}>
        {(found) =>
          found.length ? (
            <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
              {found.map(({ timestamp, episode }) => {
                const run = runs.data?.find((one) => one.sessionTimestamp === timestamp);
                const beats = episode.scenes.reduce((sum, { beats }) => sum + beats.length, 0);
                return (
                  <Paper component="li" key={timestamp} withBorder p="sm">
                    <Group justify="space-between" wrap="nowrap" align="start">
                      <Anchor
                        component={Link}
                        href={run ? runAt(run.runId) : sessionAt(timestamp)}
                        fw={600}
                        underline="hover"
                        lineClamp={2}
                        style={{ overflowWrap: "anywhere" }}
                      >
                        {episode.title}
                      </Anchor>
                      {run && (
                        <Badge variant="light" color={colorOf(run)} tt="none" flex="none">
                          {stageOf(run)}
                        </Badge>
                      )}
                    </Group>
                    <Text size="sm" c="dimmed">
                      {beats ? many(beats, "beat") : "Beats are not found yet"} ·{" "}
                      <When at={run?.createdAt ?? new Date(timestamp).toISOString()} />
                      {run && (
                        <>
                          {" · "}
                          <Anchor component={Link} href={sessionAt(timestamp)} inherit>
                            beats and looks
                          </Anchor>
                        </>
                      )}
                    </Text>
                  </Paper>
                );
              })}
            </Stack>
          ) : (
            <Empty title="No stories yet" icon={<IconMovie size={32} aria-hidden />}>
              Take the sample to see what becomes of a script. It needs no key and no GPU.
            </Empty>
          )
        }
      </Ask>
    </Stack>
  );
}
