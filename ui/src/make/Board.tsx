import { Anchor, Stack } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "wouter";
import { Made } from "@/make/Made";
import { useWork } from "@/make/work";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";

/** One storyboard, from its order on, and what may still be changed of it. */
export function Board({ id }: { id: string }) {
  const work = useWork(id);
  const isOther = work.data?.kind === "story_run" || work.data?.kind === "run_export";
  return (
    <Stack gap="md" maw={1400} mx="auto">
      <Anchor component={Link} href="/" size="sm" w="fit-content" underline="hover">
        <IconArrowLeft size={14} aria-hidden /> Make another
      </Anchor>
      {isOther ? (
        <Empty title="This is no storyboard">
          <Anchor component={Link} href={`/studio/jobs/${id}`}>
            Look at it among the jobs
          </Anchor>
        </Empty>
      ) : work.error && !work.data ? (
        <FaultNote error={work.error} retry={() => void work.refetch()} />
      ) : (
        <Made id={id} work={work.data} />
      )}
    </Stack>
  );
}
