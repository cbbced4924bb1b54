/** Where things of this view are. */
export const DESK = "/studio/story";
export const RUN_TABS = ["pictures", "story", "report", "export"] as const;
export type RunTab = (typeof RUN_TABS)[number];

export function runAt(runId: string, tab: RunTab = "pictures"): string {
  const base = `${DESK}/runs/${encodeURIComponent(runId)}`;
  return tab === "pictures" ? base : `${base}/${tab}`;
}

export function shotAt(runId: string, shotId: string): string {
  return `${runAt(runId)}/shots/${encodeURIComponent(shotId)}`;
}

export function sessionAt(timestamp: number): string {
  return `${DESK}/sessions/${timestamp}`;
}
