import { type Draft, WORDS } from "@/settings/brands/draft";

/** One thing that is written of a brand, and what it is called on the page. */
export type Place = {
  id: string;
  label: string;
  read: (draft: Draft) => string;
  write: (draft: Draft, text: string) => Draft;
};
/** What somebody else has made of a place since, and what is written here. */
export type Difference = { place: Place; theirs: string; mine: string };

type Plain = Exclude<keyof Draft, "key" | "words">;

function plain(id: Plain, label: string): Place {
  return {
    id,
    label,
    read: (draft) => draft[id],
    write: (draft, text) => ({ ...draft, [id]: text }),
  };
}

const PLACES: readonly Place[] = [
  plain("name", "Whom it is for"),
  plain("brand", "Name on the board"),
  plain("description", "Description"),
  plain("primary", "Main colour"),
  plain("accent", "Accent"),
  ...WORDS.map(({ slot, label }) => ({
    id: slot,
    label,
    read: ({ words }: Draft) => words[slot] ?? "",
    write: (draft: Draft, text: string) => ({ ...draft, words: { ...draft.words, [slot]: text } }),
  })),
  plain("artStyle", "How illustrations look"),
];

/**
 * What two have made of the same beginning: all that is written here, and theirs where nothing is.
 * Of every place that they changed, both are told.
 */
export function merged(before: Draft, mine: Draft, theirs: Draft) {
  const changed = PLACES.filter(({ read }) => read(theirs) !== read(before));
  const untouched = changed.filter(({ read }) => read(mine) === read(before));
  return {
    draft: untouched.reduce((draft, { read, write }) => write(draft, read(theirs)), mine),
    differences: changed.map(
      (place): Difference => ({ place, theirs: place.read(theirs), mine: place.read(mine) }),
    ),
    isTouched: PLACES.some(({ read }) => read(mine) !== read(before)),
  };
}

/** Those that are known, with what is found now; where both say the same, nothing is to be chosen. */
export function together(
  known: readonly Difference[],
  found: readonly Difference[],
): readonly Difference[] {
  const now = new Map(known.map((one) => [one.place.id, one]));
  for (const one of found) {
    const was = now.get(one.place.id);
    // Where theirs was taken, what stands here is theirs, and one's own words are those of before.
    now.set(one.place.id, one.mine === was?.theirs ? { ...one, mine: was.mine } : one);
  }
  return [...now.values()].filter(({ theirs, mine }) => theirs !== mine);
}

/** What is written here now; or what was, where theirs was taken. */
export function mineOf({ place, theirs, mine }: Difference, draft: Draft): string {
  const written = place.read(draft);
  return written === theirs ? mine : written;
}
