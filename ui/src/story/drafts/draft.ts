/** What is kept of something, field by field. */
export type Fields = Record<string, string>;

/** What somebody is typing: for each field that they touched their words, and those they began from. */
export type Draft = { label: string; typed: Record<string, { mine: string; from: string }> };

/** The draft in which a field says something else; `kept` is what is kept by now, if that stays. */
export function withTyped(
  { label, typed }: Draft,
  field: string,
  mine: string,
  kept: string,
  isSaving: boolean,
): Draft {
  const { [field]: before, ...others } = typed;
  // Typed back to what is kept, it is nobody's any more, and follows what others write.
  if (mine === kept && !isSaving) return { label, typed: others };
  return { label, typed: { ...others, [field]: { mine, from: before?.from ?? kept } } };
}

/** The draft in which a field is as it is kept. */
export function withoutTyped({ label, typed }: Draft, field: string): Draft {
  const { [field]: _, ...others } = typed;
  return { label, typed: others };
}

/** The draft once what was sent is kept: with what was typed since. */
export function withoutSent({ label, typed }: Draft, sent: Draft): Draft {
  const left = Object.entries(typed).flatMap(([field, { mine, from }]) => {
    const kept = sent.typed[field]?.mine;
    return mine === kept ? [] : [[field, { mine, from: kept ?? from }] as const];
  });
  return { label, typed: Object.fromEntries(left) };
}

export function isEmpty({ typed }: Draft): boolean {
  return Object.keys(typed).length === 0;
}

/** What fields show: what somebody is typing, and otherwise the newest. */
export function shown<F extends Fields>(draft: Draft | undefined, kept: F): F {
  const typed = Object.entries(draft?.typed ?? {}).map(([field, { mine }]) => [field, mine]);
  return { ...kept, ...Object.fromEntries(typed) };
}

/** The touched fields in which somebody else has written something else since. */
export function changedElsewhere(draft: Draft | undefined, kept: Fields): string[] {
  return Object.entries(draft?.typed ?? {})
    .filter(([field, { mine, from }]) => {
      // The server leaves out blanks at the ends.
      const now = kept[field]?.trim();
      return now !== from.trim() && now !== mine.trim();
    })
    .map(([field]) => field);
}
