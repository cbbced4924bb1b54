import type { MantineColor } from "@mantine/core";
import type { Schema } from "@/api/client";

/** The colour of a run's state; the words say the same. */
export function colorOf(run: Schema<"RunSummary">): MantineColor {
  if (run.status === "failed") return "red";
  if (run.status === "completed") return "teal";
  if (run.status === "cancelled") return "gray";
  return run.waitingOn.length || run.wanted !== "run" ? "amber" : "blue";
}
