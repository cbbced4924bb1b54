import { Paper, Text, Title } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { useState } from "react";
import type { Schema } from "@/api/client";
import { useTimeline } from "@/jobs/one/job";
import { Shots } from "@/jobs/one/Shots";
import classes from "@/jobs/one/Steps.module.css";
import { StepView } from "@/jobs/one/StepView";
import { Ask } from "@/shared/Ask";
import { money } from "@/shared/money";
import { lasting } from "@/shared/times";

type Timeline = Schema<"Timeline">;

/** How it went, step by step, also while it goes on. */
export function Steps({ id }: { id: string }) {
  const query = useTimeline(id);
  return (
    <Paper component="section" withBorder radius="lg" p="md" aria-label="Timeline">
      <Ask query={query} height={260}>
        {(timeline) => <Line timeline={timeline} />}
      </Ask>
    </Paper>
  );
}

function Line({ timeline }: { timeline: Timeline }) {
  const begun = Date.parse(timeline.created_at);
  const end = useEnd(timeline);
  const whole = Math.max(1, end - begun);
  return (
    <>
      <Title order={2} size="h4">
        Timeline
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {lasting(end - begun)} from the wish to {timeline.completed_at ? "its end" : "now"}
        {timeline.cost.calls > 0 && `, for ${money(timeline.cost.known_usd)}`}
      </Text>
      <ol className={classes.steps}>
        {timeline.steps.map((step) => (
          <StepView
            key={`${step.name} ${step.started_at}`}
            step={step}
            begun={begun}
            whole={whole}
            end={end}
          />
        ))}
      </ol>
      {timeline.shots && <Shots shots={timeline.shots} />}
    </>
  );
}

/** Its end, or now while it goes on. */
function useEnd({ completed_at }: Timeline): number {
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: !completed_at });
  return completed_at ? Date.parse(completed_at) : now;
}
