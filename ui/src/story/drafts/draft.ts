/** What is kept of something, field by field. */
export type Fields = Record<string, string>;

/** What somebody is typing: for each field that they touched their words, and those they began from. */
export type Draft = { label: string; typed: Record<string, { mine: string; from: string }> };

/** The draft in which a field says something else; `kept` is what is kept by now. */
export function withTyped(
  { label, typed }: Draft,
  field: string,
  mine: string,
  kept: string,
): Draft {
  const { [field]: before, ...others } = typed;
  // Typed back to what is kept, it is nobody's any more, and follows what others write.
  if (mine === kept) return { label, typed: others };
  return { label, typed: { ...others, [field]: { mine, from: before?.from ?? kept } } };
}

/** The draft in which a field is as it is kept. */
export function withoutTyped({ label, typed }: Draft, field: string): Draft {
  const { [field]: _, ...others } = typed;
  return { label, typed: others };
}

/** What fields show: what somebody is typing, and otherwise the newest. */
export function shown<F extends Fields>(draft: Draft | undefined, kept: F): F {
  const typed = Object.entries(draft?.typed ?? {}).map(([field, { mine }]) => [field, mine]);
  return { ...kept, ...Object.fromEntries(typed) };
}

/** The touched fields in which somebody else has written something else since. */
export function changedElsewhere(draft: Draft | undefined, kept: Fields): string[] {
  return Object.entries(draft?.typed ?? {})
    .filter(([field, { mine, from }]) => kept[field] !== from && kept[field] !== mine)
    .map(([field]) => field);
}
