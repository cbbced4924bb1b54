import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { connectionNow, subscribe, watch } from "@/live/bus";
import { refreshAll } from "@/live/refresh";
import { follow } from "@/live/stream";

/** What happens within this time is looked up together: a run can tell of many pictures a second. */
const GATHER_MS = 200;

/**
 * Keeps every view true, by this rule for the keys of queries: `["jobs", …]` is a list of work,
 * `["notifications", …]` one of notifications, and `[kind, id, …]` is about one subject.
 */
export function Live() {
  const client = useQueryClient();
  useEffect(follow, []);
  useEffect(() => staleAfterGaps(client), [client]);
  useEffect(() => gathering(client), [client]);
  return null;
}

/** After the stream was away, everything that is shown is looked up again. */
function staleAfterGaps(client: QueryClient): () => void {
  return watch(() => {
    if (connectionNow() === "live") refreshAll(client, () => true);
  });
}

function gathering(client: QueryClient): () => void {
  const pending = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = () => {
    timer = undefined;
    const now = new Set(pending);
    pending.clear();
    refreshAll(client, ({ queryKey }) => concerns(queryKey, now));
  };
  const off = subscribe(({ subject }) => {
    pending.add(subject.id).add(subject.kind === "notification" ? "notifications" : "jobs");
    timer ??= setTimeout(settle, GATHER_MS);
  });
  return () => {
    clearTimeout(timer);
    off();
  };
}

function concerns([kind, id]: QueryKey, subjects: ReadonlySet<string>): boolean {
  return subjects.has(String(kind)) || subjects.has(String(id));
}
