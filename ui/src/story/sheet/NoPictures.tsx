import { Anchor, Button, Stack } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { Link } from "wouter";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";
import { runAt, sessionAt } from "@/story/addresses";
import type { Run } from "@/story/data/runs";
import { useStart } from "@/story/data/start";

/** Where a run has ended without pictures: why, and how to come to some. */
export function NoPictures({ run }: { run: Run }) {
  const title = "This run has made no pictures";
  const story = (
    <Anchor component={Link} href={runAt(run.runId, "story")} inherit>
      Its story
    </Anchor>
  );
  if (run.config.stopAfter === "images" || run.status !== "completed")
    return <Empty title={title}>{story} tells what was found.</Empty>;
  return (
    <Empty title={title}>
      It was to stop before them. {story} holds what was found, and can be changed before it is
      drawn.
      <Begin run={run} />
    </Empty>
  );
}

/** The next run, which goes on where this one was to stop. */
function Begin({ run }: { run: Run }) {
  const starting = useStart();
  const wish = { sessionTimestamp: run.sessionTimestamp };
  const choices = { ...run.config, stopAfter: "images" as const };
  return (
    <Stack gap="xs" align="center" mt="md">
      <Button
        leftSection={<IconPlayerPlayFilled size={16} aria-hidden />}
        onClick={() => starting.mutate({ wish, choices })}
        loading={starting.isPending}
      >
        Make the pictures
      </Button>
      <Anchor component={Link} href={sessionAt(run.sessionTimestamp)} size="sm">
        See first what they take, and choose otherwise
      </Anchor>
      {starting.error && <FaultNote error={starting.error} />}
    </Stack>
  );
}
