import type { Query, QueryClient } from "@tanstack/react-query";

const waiting = new WeakSet<Query>();

/**
 * Looks a query up again, so that what is shown in the end is from after this call.
 *
 * One that is on its way may have been answered before: it is let through, and asked once more. Were it
 * given up instead, a busy run would change faster than it can be looked up, and nothing would be shown.
 */
export async function refresh(client: QueryClient, query: Query): Promise<void> {
  query.invalidate();
  if (waiting.has(query)) return;
  if (query.state.fetchStatus === "fetching") {
    waiting.add(query);
    await query.promise?.catch(() => {});
    waiting.delete(query);
    query.invalidate();
  }
  await client.refetchQueries({ queryKey: query.queryKey, exact: true, type: "active" });
}

/** Does so with every query that is meant. */
export function refreshAll(client: QueryClient, isMeant: (query: Query) => boolean): void {
  for (const query of client.getQueryCache().getAll())
    if (isMeant(query)) void refresh(client, query);
}
