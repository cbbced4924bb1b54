import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";
import { KINDS, type Kind, STATUSES } from "@/jobs/words";
import type { Status } from "@/shared/StatusBadge";

const HOUR_MS = 3_600_000;
/** How far back the list goes, by the word in the address. */
export const WITHIN: Record<string, { label: string; ms: number }> = {
  hour: { label: "Last hour", ms: HOUR_MS },
  day: { label: "Last 24 hours", ms: 24 * HOUR_MS },
  week: { label: "Last 7 days", ms: 7 * 24 * HOUR_MS },
  month: { label: "Last 30 days", ms: 30 * 24 * HOUR_MS },
};
/** The word for days that are chosen by hand. */
export const DAYS = "days";

/** What the list is to show; what is empty does not choose. */
export type Wanted = {
  q: string;
  status: Status[];
  kind: Kind[];
  label: string[];
  within: string;
  from: string;
  to: string;
};
export const ALL: Wanted = { q: "", status: [], kind: [], label: [], within: "", from: "", to: "" };

/** Kept in the address, so that a reload and a link show the same. */
export function useWanted(): [Wanted, (change: Partial<Wanted>) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const wanted = useMemo(() => read(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (part: Partial<Wanted>) =>
      setParams((now) => written({ ...read(now), ...part }), { replace: true }),
    [setParams],
  );
  return [wanted, change];
}

export function isAll(wanted: Wanted): boolean {
  return written(wanted).size === 0;
}

export function written(wanted: Wanted): URLSearchParams {
  const pairs = Object.entries(wanted).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs.filter(([, value]) => value));
}

/** Words of an address that nobody knows are passed over. */
function read(params: URLSearchParams): Wanted {
  const word = (name: string) => params.get(name) ?? "";
  const within = word("within");
  return {
    q: word("q"),
    status: params
      .getAll("status")
      .filter((one): one is Status => STATUSES.includes(one as Status)),
    kind: params.getAll("kind").filter((one): one is Kind => Object.hasOwn(KINDS, one)),
    label: params.getAll("label"),
    within: within === DAYS || Object.hasOwn(WITHIN, within) ? within : "",
    from: within === DAYS ? word("from") : "",
    to: within === DAYS ? word("to") : "",
  };
}

/** The same in the words of the API. */
export function asked(wanted: Wanted) {
  const { q, status, kind, label } = wanted;
  const [after, before] = times(wanted);
  return {
    ...(q && { q }),
    ...(status.length && { status }),
    ...(kind.length && { kind }),
    ...(label.length && { label }),
    ...(after && { created_after: after }),
    ...(before && { created_before: before }),
  };
}

function times({
  within,
  from,
  to,
}: Wanted): [after?: string | undefined, before?: string | undefined] {
  const span = WITHIN[within];
  if (span) return [new Date(Date.now() - span.ms).toISOString()];
  return [moment(from, 0), moment(to, 1)];
}

/** The beginning of a day where the reader is, or of the day after. */
function moment(day: string, later: number): string | undefined {
  const at = new Date(`${day}T00:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + later);
  return at.toISOString();
}
