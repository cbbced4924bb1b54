import { Anchor, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, body, type Schema } from "@/api/client";
import type { Work } from "@/make/making";
import classes from "@/make/Stages.module.css";
import { hasEnded, useTimeline } from "@/make/work";
import { FaultNote } from "@/shared/FaultNote";
import { lasting } from "@/shared/times";
import { When } from "@/shared/When";

type Step = Schema<"TimelineStep">;
const NAMES: Record<string, string> = {
  queued: "In line",
  understand: "Reading",
  illustrate: "Illustrating",
  draw: "Drawing",
  archive: "Keeping",
};

const SAYS: Record<Work["status"], string> = {
  queued: "The storyboard waits for its turn",
  running: "The storyboard is being made",
  waiting: "The storyboard waits",
  canceling: "The storyboard is being cancelled",
  succeeded: "The storyboard is ready",
  failed: "The storyboard could not be made",
  canceled: "The storyboard was cancelled",
};

type Props = { work: Work; headline: string | undefined };

/** How far a storyboard is, in a line that stays where it is; its end is told with its headline. */
export function Stages({ work, headline }: Props) {
  const timeline = useTimeline(work.id);
  const steps = timeline.data?.steps ?? [];
  return (
    <Group justify="space-between" gap="sm" mih={40}>
      <VisuallyHidden role="status">
        {work.status !== "succeeded"
          ? SAYS[work.status]
          : headline !== undefined && [SAYS.succeeded, headline].filter(Boolean).join(": ")}
      </VisuallyHidden>
      <ol className={classes.steps} aria-label="Steps">
        {steps.map((step) => (
          <li key={step.name} data-outcome={step.outcome} className={classes.step}>
            <span className={classes.bar} aria-hidden />
            <span className={classes.name}>{NAMES[step.name] ?? step.name}</span>
            <span className={classes.says}>{saying(step)}</span>
          </li>
        ))}
      </ol>
      <Aside work={work} />
    </Group>
  );
}

function saying({ outcome, duration_ms }: Step): string {
  if (outcome === "done" && duration_ms !== null) return lasting(duration_ms);
  return outcome === "running" ? "now" : outcome === "pending" ? "" : outcome;
}

function Aside({ work }: { work: Work }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      body(api.POST("/v1/jobs/{job_id}/cancel", { params: { path: { job_id: work.id } } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["work", work.id] }),
  });
  if (cancel.error) return <FaultNote error={cancel.error} retry={() => cancel.mutate()} />;
  if (!hasEnded(work))
    return (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => cancel.mutate()}
        loading={cancel.isPending || work.status === "canceling"}
      >
        Cancel
      </Button>
    );
  return (
    <Text size="sm" c="dimmed" ta="right" style={{ flexShrink: 0 }}>
      <When at={work.completed_at ?? work.created_at} /> ·{" "}
      <Anchor component={Link} href={`/studio/jobs/${work.id}`} inherit>
        details
      </Anchor>
    </Text>
  );
}
