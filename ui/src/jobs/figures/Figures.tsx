import { Alert, Anchor, Group, Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconInfoCircle } from "@tabler/icons-react";
import { Link, useSearchParams } from "wouter";
import { AtOnce, Durations, Ends, Errors, Spend, Success } from "@/jobs/figures/Charts";
import classes from "@/jobs/figures/Figures.module.css";
import { Queues } from "@/jobs/figures/Queues";
import { type Statistics, useStatistics } from "@/jobs/figures/statistics";
import { dollarsOf, successOf, sum } from "@/jobs/figures/summing";
import { Ask } from "@/shared/Ask";
import { money } from "@/shared/money";

const SPANS = ["7", "30", "90"];
const USUAL = "30";

/** How the work goes, in figures. */
export default function Figures() {
  const [params, setParams] = useSearchParams();
  const asked = params.get("days") ?? "";
  const span = SPANS.includes(asked) ? asked : USUAL;
  const query = useStatistics(Number(span));
  return (
    <Stack gap="lg" maw={1400} mx="auto">
      <Anchor component={Link} href="/studio/jobs" underline="hover" w="fit-content">
        <Group gap={6}>
          <IconArrowLeft size={16} aria-hidden />
          All jobs
        </Group>
      </Anchor>
      <Group justify="space-between">
        <Title order={1}>Figures</Title>
        <SegmentedControl
          aria-label="Days"
          value={span}
          onChange={(days) => setParams({ days }, { replace: true })}
          data={SPANS.map((value) => ({ value, label: `${value} days` }))}
        />
      </Group>
      <Ask query={query} height="80dvh">
        {(told) => <Told told={told} />}
      </Ask>
    </Stack>
  );
}

function Told({ told }: { told: Statistics }) {
  const days = [...told.days].reverse();
  const success = successOf(days);
  return (
    <>
      {told.degraded.map((missing) => (
        <Alert key={missing} color="amber" icon={<IconInfoCircle aria-hidden />}>
          {missing}
        </Alert>
      ))}
      <dl className={classes.tiles}>
        <Tile name="Succeeded" figure={sum(days, (day) => day.completed)} />
        <Tile
          name="Success rate"
          figure={success === null ? "–" : `${Math.round(success * 1000) / 10} %`}
        />
        <Tile name="Pictures" figure={sum(days, (day) => day.pictures)} />
        <Tile name="Spent" figure={money(sum(days, dollarsOf))} />
        <Tile name="Waiting now" figure={told.now.waiting} />
        <Tile name="Running now" figure={told.now.running} />
      </dl>
      <div className={classes.charts}>
        <Ends days={days} />
        <Success days={days} />
        <Durations days={days} />
        <AtOnce told={told} />
        <Errors days={days} />
        <Spend days={days} org={told.org_id} />
        <Queues now={told.now} />
      </div>
    </>
  );
}

function Tile({ name, figure }: { name: string; figure: string | number }) {
  return (
    <Paper withBorder radius="lg" p="md">
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <dd className={classes.figure}>{figure}</dd>
    </Paper>
  );
}
