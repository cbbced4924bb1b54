import type { Day, Hour, Statistics } from "@/jobs/figures/statistics";

const short = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  timeZone: "UTC",
});

/** A day as charts write it. */
export function dayOf({ day }: Day): string {
  return short.format(new Date(`${day}T00:00Z`));
}

const hourly = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

function hourOf({ at }: Hour): string {
  return hourly.format(new Date(at));
}

/** How much ran at once, the oldest first: by hours where there are any, and else by days. */
export function concurrencyOf({ days, hours }: Statistics) {
  const by = hours.length
    ? hours.map(({ concurrency, ...hour }) => ({
        when: hourOf({ concurrency, ...hour }),
        ...concurrency,
      }))
    : days.map((day) => ({ when: dayOf(day), ...day.concurrency }));
  return by.reverse();
}

export function sum(days: readonly Day[], of: (day: Day) => number): number {
  return days.reduce((total, day) => total + of(day), 0);
}

/** Of those that came to an end of their own; null where there were none. */
export function successOf(days: readonly Day[]): number | null {
  const completed = sum(days, (day) => day.completed);
  const all = completed + sum(days, (day) => day.failed);
  return all ? completed / all : null;
}

/** The codes that jobs failed with, the most frequent first. */
export function errorsOf(days: readonly Day[]): { code: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { code, count } of days.flatMap(({ errors }) => errors))
    counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

export function dollarsOf(day: Day): number {
  return day.spend.reduce((total, { cost }) => total + Number(cost.known_usd), 0);
}

/** Calls of which nobody knows the price. */
export function unknownOf(day: Day): number {
  return day.spend.reduce((total, { cost }) => total + cost.unknown_calls, 0);
}

/** The models that were paid, those first that cost most. */
export function modelsOf(days: readonly Day[]): string[] {
  const spent = new Map<string, number>();
  for (const { provider, model, cost } of days.flatMap(({ spend }) => spend)) {
    const name = `${provider}: ${model}`;
    spent.set(name, (spent.get(name) ?? 0) + Number(cost.known_usd));
  }
  return [...spent].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

export function spentOn(day: Day, name: string): number {
  return day.spend
    .filter(({ provider, model }) => `${provider}: ${model}` === name)
    .reduce((total, { cost }) => total + Number(cost.known_usd), 0);
}
