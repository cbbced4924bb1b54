import { useEffect, useSyncExternalStore } from "react";
import type { Schema } from "@/api/client";

export type LiveEvent = Schema<"Event">;
type Listener = (event: LiveEvent) => void;
/** `unknown` until the stream was open once. */
export type Connection = "unknown" | "live" | "away";

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let connection: Connection = "unknown";

export function emit(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

/** `anew`: the stream was opened, perhaps by another tab than before, and nobody knows what it missed. */
export function setConnection(connected: boolean, anew = false): void {
  const now = connected ? "live" : "away";
  if (now === connection && !anew) return;
  connection = now;
  for (const watcher of watchers) watcher();
}

/** Calls `listener` for each event until the returned function is called. */
export function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Calls `listener` for each event for as long as the component is there. */
export function useLiveEvents(listener: Listener): void {
  useEffect(() => subscribe(listener), [listener]);
}

/** Whether the stream is open. */
export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => connection);
}

export function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

export function connectionNow(): Connection {
  return connection;
}
