import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { connectionNow, type LiveEvent, subscribe, watch } from "@/live/bus";
import { refreshAll } from "@/live/refresh";
import { follow } from "@/live/stream";

/** What happens within this time is looked up together: a run can tell of many pictures a second. */
const GATHER_MS = 200;
/** A list of stories is as large as they are: while one is being written, it is looked up now and then. */
const GATHER_STORIES_MS = 2000;
type Subject = LiveEvent["subject"];

/**
 * Keeps every view true, by this rule for the keys of queries: `["jobs", …]` is a list of work,
 * `["notifications", …]` one of notifications, `["sessions", …]` one of stories, and `[kind, id, …]` is
 * about one subject.
 */
export function Live() {
  const client = useQueryClient();
  useEffect(follow, []);
  useEffect(() => staleAfterGaps(client), [client]);
  useEffect(() => gathering(client, GATHER_MS, soon), [client]);
  useEffect(() => gathering(client, GATHER_STORIES_MS, stories), [client]);
  return null;
}

/** After the stream was away, everything that is shown is looked up again. */
function staleAfterGaps(client: QueryClient): () => void {
  return watch(() => {
    if (connectionNow() === "live") refreshAll(client, () => true);
  });
}

function soon({ kind, id }: Subject): string[] {
  if (kind === "session") return [id];
  return [id, kind === "notification" ? "notifications" : "jobs"];
}

function stories({ kind }: Subject): string[] {
  // What a run has made may be older than its story now.
  return kind === "session" ? ["sessions", "story_run"] : [];
}

/** Has queries looked up whose keys begin with names that an event is about, or are about one. */
function gathering(
  client: QueryClient,
  withinMs: number,
  namesOf: (subject: Subject) => string[],
): () => void {
  const pending = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = () => {
    timer = undefined;
    const now = new Set(pending);
    pending.clear();
    refreshAll(client, ({ queryKey }) => concerns(queryKey, now));
  };
  const off = subscribe(({ subject }) => {
    for (const name of namesOf(subject)) pending.add(name);
    if (pending.size) timer ??= setTimeout(settle, withinMs);
  });
  return () => {
    clearTimeout(timer);
    off();
  };
}

function concerns([kind, id]: QueryKey, subjects: ReadonlySet<string>): boolean {
  return subjects.has(String(kind)) || subjects.has(String(id));
}
