import { Alert, Code, Group, List, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHourglass, IconInfoCircle } from "@tabler/icons-react";
import { useExplanation } from "@/jobs/one/job";
import { todo } from "@/jobs/one/todo";
import { hasEnded, type Job } from "@/jobs/words";
import { lasting } from "@/shared/times";
import { When } from "@/shared/When";

/** Why it is where it is: what it waits for, what went wrong, and what to do. */
export function Why({ job }: { job: Job }) {
  if (job.error) return <Failed job={job} error={job.error} />;
  if (!hasEnded(job)) return <Going job={job} />;
  return <Degraded job={job} />;
}

type FailedProps = { job: Job; error: NonNullable<Job["error"]> };

function Failed({ job, error }: FailedProps) {
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="It failed" data-failed>
      <Stack gap="xs">
        <Text size="sm">{error.message}</Text>
        <Text size="sm" fw={600}>
          {todo(error)}
        </Text>
        <Group gap="xs">
          <Code>{error.code}</Code>
          {error.stage && <Text size="xs">at the step “{error.stage}”</Text>}
        </Group>
        <Notes notes={job.degraded ?? []} />
      </Stack>
    </Alert>
  );
}

function Going({ job }: { job: Job }) {
  const { data } = useExplanation(job.id, true);
  const { done, total, fraction } = job.progress;
  const isMoving = job.status === "running";
  return (
    <Alert
      color={isMoving ? "blue" : "amber"}
      icon={<IconHourglass aria-hidden />}
      title={isMoving ? "It is being made" : "It waits"}
      role="status"
      mih={112}
    >
      <Stack gap="xs">
        <Text size="sm">{data?.says ?? job.waiting_on?.map(({ detail }) => detail).join(" ")}</Text>
        {total > 0 && job.status !== "queued" && (
          <Progress
            value={(fraction ?? 0) * 100}
            striped={isMoving}
            animated={isMoving}
            aria-label={`${done} of ${total} steps are done`}
          />
        )}
        <Group gap="lg">
          {data?.position && (
            <Text size="sm">
              Place in the queue: <b>{data.position}</b>
            </Text>
          )}
          {data?.eta && (
            <Text size="sm" title={data.eta.basis}>
              Ready <b>{data.eta.seconds < 1 ? "any moment" : <When at={data.eta.at} />}</b>
              <Text span size="xs" c="dimmed">
                {" "}
                ({data.eta.basis})
              </Text>
            </Text>
          )}
          {job.waiting_on?.map(
            ({ code, until }) =>
              until && (
                <Text size="sm" key={code}>
                  Looked at again <When at={until} />
                </Text>
              ),
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

function Degraded({ job }: { job: Job }) {
  const notes = [...(job.degraded ?? []), ...(job.warnings ?? [])];
  if (!notes.length) return null;
  return (
    <Alert
      color="amber"
      icon={<IconInfoCircle aria-hidden />}
      title={`Made, though not as well as usual${job.metrics.run_s === null ? "" : `, in ${lasting(job.metrics.run_s * 1000)}`}`}
      data-degraded
    >
      <Notes notes={notes} />
    </Alert>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  if (!notes.length) return null;
  return (
    <List size="sm" spacing={2}>
      {[...new Set(notes)].map((note) => (
        <List.Item key={note}>{note}</List.Item>
      ))}
    </List>
  );
}
