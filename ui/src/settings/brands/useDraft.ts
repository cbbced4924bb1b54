import { useEffect, useState } from "react";
import type { Profile } from "@/settings/brands/data";
import { type Draft, draftOf } from "@/settings/brands/draft";
import { type Difference, merged, mineOf, together } from "@/settings/brands/merging";

/**
 * What is written of a brand, over what is kept of it.
 *
 * Where somebody else keeps another one meanwhile, theirs is taken over where nothing is written here, and
 * all that they changed is told. What is kept next stands in the place of what was seen last: `etag`.
 */
export function useDraft(begun: Draft, kept: Profile | undefined, isBusy: boolean) {
  const [draft, setDraft] = useState(begun);
  const [seen, setSeen] = useState(kept);
  const [differences, setDifferences] = useState<readonly Difference[]>([]);
  useEffect(() => {
    // While something is on its way, what is new may be our own.
    if (!kept || !seen || isBusy || kept.etag === seen.etag) return;
    const found = merged(draftOf(seen), draft, draftOf(kept));
    setSeen(kept);
    setDraft(found.draft);
    // Where theirs was taken everywhere, one's own words are still there to be chosen.
    setDifferences((known) =>
      found.isTouched || known.length ? together(known, found.differences) : known,
    );
  }, [kept, seen, isBusy, draft]);
  return {
    draft,
    etag: seen?.etag ?? null,
    differences,
    change: (more: Partial<Draft>) => setDraft((was) => ({ ...was, ...more })),
    /** What is written is kept now, and is what the next change is made to. */
    settle: (now: Profile) => {
      setSeen(now);
      setDifferences([]);
    },
    /** Takes their words of these places, or one's own. */
    choose: (chosen: readonly Difference[], side: "theirs" | "mine") => {
      const written = chosen.map((one) => ({ ...one, mine: mineOf(one, draft) }));
      setDifferences((known) => together(known, written));
      setDraft((was) => written.reduce((draft, one) => one.place.write(draft, one[side]), was));
    },
  };
}
