import { IconBook2, IconCode, IconFileExport, IconMap2 } from "@tabler/icons-react";
import type { Schema } from "@/api/client";
import { plain } from "@/shared/plain";
import type { Status } from "@/shared/StatusBadge";

export type Kind = Schema<"WorkKind">;
export type Row = Schema<"WorkSummary">;
export type Job = Schema<"Work">;

/** Each kind of work, as people call it. */
export const KINDS: Record<Kind, { label: string; icon: typeof IconCode }> = {
  code_to_storyboard: { label: "Code storyboard", icon: IconCode },
  roadmap_to_storyboard: { label: "Roadmap storyboard", icon: IconMap2 },
  story_run: { label: "Story", icon: IconBook2 },
  run_export: { label: "Export", icon: IconFileExport },
};

export const STATUSES: readonly Status[] = [
  "queued",
  "running",
  "waiting",
  "canceling",
  "succeeded",
  "failed",
  "canceled",
];
const ENDED: ReadonlySet<Status> = new Set(["succeeded", "failed", "canceled"]);

export function hasEnded({ status }: { status: Status }): boolean {
  return ENDED.has(status);
}

/** What it is called; what has no title goes by the beginning of its id. */
export function titleOf(work: Row): string {
  const title = [work.story, work.title].filter(Boolean).join(": ");
  return title ? plain(title) : `${KINDS[work.kind].label} ${work.id.slice(0, 8)}`;
}

/** What a reader of the list wants to know beyond its state: why it waits, or why it failed. */
export function saying(work: Row): string {
  if (work.error) return work.error.message;
  const waits = (work.waiting_on ?? []).map(({ detail }) => detail).join(" ");
  return waits || (work.status === "queued" ? "It waits for its turn" : "");
}

/** How long it took, in milliseconds; null until it has ended. */
export function took(work: Row): number | null {
  return work.metrics.run_s === null ? null : work.metrics.run_s * 1000;
}
