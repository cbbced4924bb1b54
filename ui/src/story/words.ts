import type { MantineColor } from "@mantine/core";
import type { Schema } from "@/api/client";

export type Outdated = Schema<"Outdated">;
type Said = { says: string; color: MantineColor };

/** What becomes of a picture, as a person says it. */
export const SHOT: Record<Schema<"ShotStatus">, Said> = {
  waiting: { says: "waits for its prompt", color: "gray" },
  ready: { says: "next in line", color: "gray" },
  making: { says: "being made", color: "blue" },
  done: { says: "made", color: "teal" },
  degraded: { says: "made, but differently", color: "orange" },
  failed: { says: "not made", color: "red" },
  cancelled: { says: "cancelled", color: "gray" },
};

/** What a run is at. */
export const STAGE: Record<Schema<"Stage">, string> = {
  idle: "About to begin",
  finding_beats: "Finding the beats",
  waiting_for_prompts: "Writing the prompts",
  checking_gpu: "Looking whether the GPU is free",
  starting_swarmui: "Starting SwarmUI",
  generating_images: "Making the pictures",
  exporting: "Putting the files together",
  complete: "Done",
  error: "Stopped by an error",
};

/** Who makes the pictures, after "pictures by"; a name that is not here stands for itself. */
export const MAKER: Record<string, string> = {
  frames: "Storyloom, as drawn frames",
  swarmui: "SwarmUI",
  comfyui: "ComfyUI",
  model: "an image model",
};

/** Backends with their models, such as `swarmui sdxl, frames typst-frames-1`, as people call them. */
export function makers(madeWith: string): string {
  const each = madeWith.split(", ").map((one) => {
    const [backend = "", ...model] = one.split(" ");
    const maker = MAKER[backend] ?? backend;
    // What we draw ourselves has no model that anybody would know.
    return backend === "frames" ? maker : [maker, ...model].join(" ");
  });
  return each.join("; ");
}

/** Whether a beat gets a picture. */
export const DECISION: Record<string, Said> = {
  NEW_IMAGE: { says: "New picture", color: "blue" },
  REUSE_IMAGE: { says: "Same picture again", color: "gray" },
  NO_IMAGE: { says: "No picture", color: "gray" },
};

/** What was done about a picture that could not be made as asked. */
export const REMEDY: Record<Schema<"Remedy">, string> = {
  again: "Tried once more",
  reseed: "Another seed",
  soften: "Milder words",
  free_memory: "Memory freed",
  restart_engine: "Engine started again",
  other_backend: "Another backend",
  other_model: "Another model",
  frame: "A drawn frame stands in",
};

export function stageOf(run: Schema<"RunSummary">): string {
  if (run.status === "cancelled") return "Cancelled";
  if (run.status === "failed") return "Stopped by an error";
  if (run.wanted === "cancel") return "Being cancelled";
  if (run.wanted === "pause") return "Paused";
  return STAGE[run.stage];
}

export function hasEnded(run: Schema<"RunSummary">): boolean {
  return run.status !== "pending" && run.status !== "processing";
}

/** Money as people write it; what is not known is said to be so. */
export function dollars(usd: string | null | undefined): string {
  if (usd === null || usd === undefined) return "not known";
  const value = Number(usd);
  if (value === 0) return "nothing";
  return value < 0.01 ? "under $0.01" : `$${value.toFixed(2)}`;
}

/** So many of something. */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
