import { BarChart, LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import { Center, Text } from "@mantine/core";
import { ChartBox } from "@/jobs/figures/ChartBox";
import type { Day, Statistics } from "@/jobs/figures/statistics";
import {
  concurrencyOf,
  dayOf,
  dollarsOf,
  errorsOf,
  modelsOf,
  spentOn,
  sum,
  unknownOf,
} from "@/jobs/figures/summing";
import { money } from "@/shared/money";
import { lasting } from "@/shared/times";

const HEIGHT = 240;
const COLORS = ["blue.6", "amber.5", "teal.6", "violet.5", "orange.6", "cyan.6"];
/** The table says the same in words; a second way by keys would only be in the way. */
const QUIET = { accessibilityLayer: false };
const percent = (rate: number | null) =>
  rate === null ? "–" : `${Math.round(rate * 1000) / 10} %`;
const average = (jobs: number) => String(Math.round(jobs * 100) / 100);
const seconds = (s: number | null) => (s === null ? "–" : lasting(s * 1000));

type Props = { days: readonly Day[] };

/** How many ended, and how. */
export function Ends({ days }: Props) {
  return (
    <ChartBox
      title="Finished work"
      says={`${sum(days, (day) => day.completed)} succeeded and ${sum(days, (day) => day.failed)} failed.`}
      columns={["Day", "Made", "Succeeded", "Failed", "Cancelled"]}
      rows={days.map((day) => [dayOf(day), day.accepted, day.completed, day.failed, day.canceled])}
    >
      <BarChart
        h={HEIGHT}
        type="stacked"
        data={days.map((day) => ({ ...day, day: dayOf(day) }))}
        dataKey="day"
        series={[
          { name: "completed", label: "Succeeded", color: "teal.6" },
          { name: "failed", label: "Failed", color: "red.6" },
          { name: "canceled", label: "Cancelled", color: "gray.5" },
        ]}
        withLegend
        barChartProps={QUIET}
      />
    </ChartBox>
  );
}

/** How much of it succeeded. */
export function Success({ days }: Props) {
  return (
    <ChartBox
      title="Success rate"
      says="Of what came to an end by itself, how much has a result."
      columns={["Day", "Success rate"]}
      rows={days.map((day) => [dayOf(day), percent(day.success_rate)])}
    >
      <LineChart
        h={HEIGHT}
        data={days.map((day) => ({ day: dayOf(day), rate: day.success_rate }))}
        dataKey="day"
        series={[{ name: "rate", label: "Success rate", color: "teal.6" }]}
        valueFormatter={percent}
        yAxisProps={{ domain: [0, 1] }}
        connectNulls
        lineChartProps={QUIET}
      />
    </ChartBox>
  );
}

/** How long the completed ones took. */
export function Durations({ days }: Props) {
  return (
    <ChartBox
      title="How long it takes"
      says="Half of the work took no longer than the lower line, and nineteen of twenty no longer than the upper one."
      columns={["Day", "Half within", "19 of 20 within"]}
      rows={days.map((day) => [
        dayOf(day),
        seconds(day.duration.p50_s),
        seconds(day.duration.p95_s),
      ])}
    >
      <LineChart
        h={HEIGHT}
        data={days.map(({ duration, ...day }) => ({
          day: dayOf({ duration, ...day }),
          p50: duration.p50_s,
          p95: duration.p95_s,
        }))}
        dataKey="day"
        series={[
          { name: "p50", label: "Half within", color: "blue.5" },
          { name: "p95", label: "19 of 20 within", color: "amber.5" },
        ]}
        valueFormatter={seconds}
        yAxisProps={{ width: 72 }}
        connectNulls
        withLegend
        lineChartProps={QUIET}
      />
    </ChartBox>
  );
}

/** How much ran at the same time. */
export function AtOnce({ told }: { told: Statistics }) {
  const data = concurrencyOf(told);
  const most = Math.max(...data.map(({ peak }) => peak));
  return (
    <ChartBox
      title="Running at once"
      says={most ? `At most ${most} at one moment.` : "Nothing ran."}
      columns={[told.hours.length ? "Hour (UTC)" : "Day", "At most", "On average"]}
      rows={data.map(({ when, peak, mean }) => [when, peak, average(mean)])}
    >
      <LineChart
        h={HEIGHT}
        data={data}
        dataKey="when"
        series={[
          { name: "peak", label: "At most", color: "violet.5" },
          { name: "mean", label: "On average", color: "teal.6" },
        ]}
        curveType="stepAfter"
        withDots={false}
        valueFormatter={average}
        withLegend
        lineChartProps={QUIET}
      />
    </ChartBox>
  );
}

/** What failed, by the code of its error. */
export function Errors({ days }: Props) {
  const errors = errorsOf(days);
  return (
    <ChartBox
      title="Errors by type"
      says={errors[0] ? `Most often: ${errors[0].code}.` : "Nothing has failed."}
      columns={["Code", "Jobs"]}
      rows={errors.map(({ code, count }) => [code, count])}
    >
      {errors.length === 0 ? (
        <Nothing>No errors in these days</Nothing>
      ) : (
        <BarChart
          h={HEIGHT}
          orientation="vertical"
          data={errors.slice(0, 8)}
          dataKey="code"
          series={[{ name: "count", label: "Jobs", color: "red.6" }]}
          yAxisProps={{ width: 120 }}
          barChartProps={QUIET}
        />
      )}
    </ChartBox>
  );
}

/** What the organisation spent on models. */
export function Spend({ days, org }: Props & { org: string }) {
  const models = modelsOf(days);
  const unknown = sum(days, unknownOf);
  const note = unknown ? ` The price of ${unknown} calls is unknown.` : "";
  return (
    <ChartBox
      title="Spend"
      says={`The organisation “${org}” spent ${money(sum(days, dollarsOf))} on models.${note}`}
      columns={["Day", ...models, "Together"]}
      rows={days.map((day) => [
        dayOf(day),
        ...models.map((name) => money(spentOn(day, name))),
        money(dollarsOf(day)),
      ])}
    >
      {models.length === 0 ? (
        <Nothing>No model was asked in these days</Nothing>
      ) : (
        <BarChart
          h={HEIGHT}
          type="stacked"
          data={days.map((day) => ({
            day: dayOf(day),
            // A name with dots would be read as a path.
            ...Object.fromEntries(models.map((name, at) => [`model${at}`, spentOn(day, name)])),
          }))}
          dataKey="day"
          series={models.map((label, at) => ({
            name: `model${at}`,
            label,
            color: COLORS[at % COLORS.length] ?? "blue.6",
          }))}
          valueFormatter={money}
          yAxisProps={{ width: 72 }}
          withLegend
          barChartProps={QUIET}
        />
      )}
    </ChartBox>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <Center h={HEIGHT}>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </Center>
  );
}
