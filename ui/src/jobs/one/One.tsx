import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "wouter";
import { Actions } from "@/jobs/one/Actions";
import { Evidence } from "@/jobs/one/Evidence";
import { Facts } from "@/jobs/one/Facts";
import { useJob } from "@/jobs/one/job";
import classes from "@/jobs/one/One.module.css";
import { Picture } from "@/jobs/one/Picture";
import { Steps } from "@/jobs/one/Steps";
import { Why } from "@/jobs/one/Why";
import { type Job, KINDS, titleOf } from "@/jobs/words";
import { Ask } from "@/shared/Ask";
import { StatusBadge } from "@/shared/StatusBadge";
import { When } from "@/shared/When";

const READ_FROM_A_SOURCE = new Set(["code_to_storyboard", "roadmap_to_storyboard"]);

/** All about one job. */
export default function One({ id }: { id: string }) {
  const query = useJob(id);
  return (
    <Stack gap="lg" maw={1400} mx="auto">
      <Anchor component={Link} href="/studio/jobs" underline="hover" w="fit-content">
        <Group gap={6}>
          <IconArrowLeft size={16} aria-hidden />
          All jobs
        </Group>
      </Anchor>
      {!query.data && <Title order={1}>Job</Title>}
      <Ask query={query} height="70dvh">
        {(job) => <Whole job={job} />}
      </Ask>
    </Stack>
  );
}

function Whole({ job }: { job: Job }) {
  return (
    <>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} miw={0} maw="100%">
          <Title order={1} dir="auto" className={classes.title}>
            {titleOf(job)}
          </Title>
          <Group gap="sm">
            <StatusBadge status={job.status} />
            <Text size="sm" c="dimmed">
              {KINDS[job.kind].label}, made <When at={job.created_at} />
            </Text>
          </Group>
        </Stack>
        <Actions job={job} />
      </Group>
      <div className={classes.sides}>
        <Stack gap="lg" miw={0}>
          <Why job={job} />
          <Picture job={job} />
          <Steps id={job.id} />
        </Stack>
        <Facts job={job} />
      </div>
      {READ_FROM_A_SOURCE.has(job.kind) && <Evidence job={job} />}
    </>
  );
}
