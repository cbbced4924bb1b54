import type { BeatEdit } from "@/story/data/edits";
import type { Beat } from "@/story/data/episode";
import type { Fields } from "@/story/drafts/draft";
import { DECISION } from "@/story/words";

/** The prompts that can be written here, by their kind. */
export const PROMPTS = { cinematic: "Prompt, landscape", vertical: "Prompt, portrait" } as const;
type Name = "action" | "camera" | "decision" | "reuseOf" | keyof typeof PROMPTS;

export const LABELS: Record<Name, string> = {
  action: "What is to be seen",
  camera: "Camera",
  decision: "Picture",
  reuseOf: "Of which beat",
  ...PROMPTS,
};

/** What is kept of a beat, as fields of a form. */
export function fieldsOf({
  action,
  camera,
  decision,
  reuseOf,
  prompts,
}: Beat): Record<Name, string> {
  const { cinematic = "", vertical = "" } = prompts;
  return { action, camera, decision, reuseOf, cinematic, vertical };
}

/** The same as it is saved; prompts of other kinds stay as they are. */
export function editOf(beat: Beat, fields: Record<Name, string>): BeatEdit {
  const { cinematic, vertical, ...said } = fields;
  return { ...said, prompts: { ...beat.prompts, cinematic, vertical } };
}

/** What a field says, and what it is called, for a person. */
export function told(field: string, kept: Fields) {
  const words = kept[field] ?? "";
  const label = LABELS[field as Name] ?? field;
  return { field, label, words: field === "decision" ? (DECISION[words]?.says ?? words) : words };
}
