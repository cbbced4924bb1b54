import { Fault } from "@/api/fault";
import type { BeatEdit } from "@/story/data/edits";
import { type Doc, type Entry, episodeOf } from "@/story/data/episode";

/** Throws where somebody else has changed of a beat what is to be changed, since it was shown. */
export function checkBeat(doc: Doc, id: string, before: BeatEdit, after: BeatEdit): void {
  const isFree = (now: BeatEdit) =>
    FIELDS.every((fields) => {
      const isMeant = fields.some((field) => before[field] !== after[field]);
      return !isMeant || fields.every((field) => agree(now[field], before[field], after[field]));
    }) && wordsAgree(now.prompts, before.prompts, after.prompts);
  check(beatsOf(doc, id).some(isFree));
}

/**
 * The same of its prompts. Where none are left, no words of anybody are written over. What else was written
 * of the beat may be saved by then: it goes before them.
 */
export function checkPrompts(
  doc: Doc,
  id: string,
  before: Words,
  words: Words,
  isRestSaved: boolean,
): void {
  const isFree = beatsOf(doc, id).some(({ prompts }) => wordsAgree(prompts, before, words));
  check(isFree, isRestSaved ? ELSEWHERE_OF_PROMPTS : ELSEWHERE);
}

/** The same of how somebody or something looks. */
export function checkLook(doc: Doc, { kind, id, look: before }: Entry, look: string): void {
  const entries = episodeOf(doc).bible.filter((one) => one.kind === kind && one.id === id);
  check(entries.some((now) => agree(now.look, before, look)));
}

type Words = Record<string, string>;

/** What is changed together: a picture of another beat, and of which. */
const FIELDS = [["action"], ["camera"], ["decision", "reuseOf"]] as const;

function beatsOf(doc: Doc, id: string) {
  const beats = episodeOf(doc).scenes.flatMap((scene) => scene.beats);
  return beats.filter((beat) => beat.id === id);
}

function wordsAgree(now: Words, before: Words, after: Words): boolean {
  return Object.entries(after).every(([kind, words]) => {
    const was = before[kind] ?? "";
    return words === was || !now[kind] || agree(now[kind], was, words);
  });
}

/** Blanks at the ends are nobody's words: no offer is made for them either. */
function agree(now: string, ...seen: string[]): boolean {
  return seen.some((words) => words.trim() === now.trim());
}

function check(isFree: boolean, says = ELSEWHERE): void {
  if (!isFree) throw new Fault(says, "changed_elsewhere", CONFLICT);
}

const CONFLICT = 409;
const ELSEWHERE =
  "Somebody else has changed the same a moment ago, so yours is not saved: look at theirs, and save again.";
const ELSEWHERE_OF_PROMPTS =
  "Somebody else has changed the same prompt a moment ago. The rest of this is saved, your prompts are not: look at theirs, and save again.";
