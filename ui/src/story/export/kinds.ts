import type { Schema } from "@/api/client";

type Kind = Schema<"ExportKind">;

/** What a story can be handed over as. */
export const KINDS: readonly { kind: Kind; name: string; says: string }[] = [
  { kind: "sheet", name: "Contact sheet", says: "A PDF for print, with the report first" },
  { kind: "slides", name: "Slides", says: "PowerPoint with real text" },
  { kind: "viewer", name: "Web page", says: "One file that plays the story anywhere" },
  { kind: "archive", name: "All pictures", says: "A ZIP with pictures, page and timelines" },
  { kind: "animatic", name: "Film", says: "An MP4 with subtitles" },
  { kind: "edl", name: "Edit list", says: "CMX3600 for editing programs" },
  { kind: "otio", name: "Timeline", says: "OpenTimelineIO" },
];
