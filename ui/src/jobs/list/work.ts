import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, body } from "@/api/client";
import { type Page, type Pages, withHead, withRows } from "@/jobs/list/merging";
import { asked, type Wanted } from "@/jobs/list/wanted";
import type { Row } from "@/jobs/words";
import { type LiveEvent, subscribe } from "@/live/bus";

const FIRST = 50;
const MORE = 200;
/** What happens within this time is looked up together. */
const GATHER_MS = 300;
/** More rows than that are looked up with their pages. */
const SINGLY = 10;

/** The list, page by page; it is kept as it is by the events, and not asked for as a whole. */
export function useWork(wanted: Wanted) {
  const client = useQueryClient();
  const queryKey = useMemo(() => ["worklist", wanted] as const, [wanted]);
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => pageOf(wanted, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
  useEffect(() => {
    const edit = (change: (shown: Pages) => Pages) =>
      client.setQueryData<Pages>(queryKey, (shown) => shown && change(shown));
    // A page that is on its way may be from before the event, and puts back what it began with.
    const arrived = async () => {
      const asked = client.getQueryCache().find({ queryKey });
      if (asked?.state.fetchStatus === "fetching") await asked.promise?.catch(() => {});
    };
    return gathering(async (events) => {
      await arrived();
      const shown = client.getQueryData<Pages>(queryKey);
      if (!shown) return;
      const head = await pageOf(wanted, "");
      await arrived();
      edit((now) => withHead(now, head));
      const fresh = new Set(head.data.map(({ id }) => id));
      const below = new Set(shown.pages.flatMap(({ data }) => data.map(({ id }) => id)));
      const rest = [...events.keys()].filter((id) => !fresh.has(id));
      const old = rest.filter((id) => below.has(id));
      // Of old work, only its state can bring it into a list that it was not in.
      const comes = rest.some((id) => !below.has(id) && isNowWanted(events.get(id), wanted));
      if (old.length > SINGLY || (comes && head.next_cursor))
        return client.invalidateQueries({ queryKey });
      const rows = await Promise.all(old.map(async (id) => [id, await rowOf(id, wanted)] as const));
      if (!rows.length) return;
      await arrived();
      edit((now) => withRows(now, new Map(rows)));
    });
  }, [client, queryKey, wanted]);
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  return { ...query, rows };
}

function pageOf(wanted: Wanted, cursor: string, signal?: AbortSignal): Promise<Page> {
  const query = { ...asked(wanted), ...(cursor && { cursor }), limit: cursor ? MORE : FIRST };
  return body(api.GET("/v1/jobs", { params: { query }, ...(signal && { signal }) }));
}

async function rowOf(id: string, { status }: Wanted): Promise<Row | null> {
  const job = await body(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } }));
  return !status.length || status.includes(job.status) ? job : null;
}

function isNowWanted(event: LiveEvent | undefined, { status }: Wanted): boolean {
  return status.some((one) => one === event?.data?.status);
}

/** Calls `look` with the last event of each job, once at a time, until the returned function is called. */
function gathering(look: (events: ReadonlyMap<string, LiveEvent>) => Promise<unknown>) {
  let pending = new Map<string, LiveEvent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const settle = async () => {
    const now = pending;
    pending = new Map();
    // What fails is looked up again with the next event, or when the stream is back.
    await look(now).catch(() => {});
    timer = undefined;
    if (pending.size && !isOver) wait();
  };
  const wait = () => {
    timer ??= setTimeout(() => void settle(), GATHER_MS);
  };
  const off = subscribe((event) => {
    if (event.subject.kind === "notification") return;
    pending.set(event.subject.id, event);
    wait();
  });
  return () => {
    isOver = true;
    clearTimeout(timer);
    off();
  };
}
