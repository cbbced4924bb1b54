type Told = {
  claim: string;
  field: string;
  lines: readonly number[] | null;
  box: readonly number[] | null;
};
/** Where in the source something stands: lines of code, or a box of a picture. */
export type Place = {
  name: string;
  lines: readonly [number, number] | null;
  box: readonly [number, number, number, number] | null;
};
export type Claim = { field: string; text: string; places: Place[] };

export const FIELDS: Record<string, string> = {
  headline: "Headline",
  what_it_does: "What it does",
  business_value: "Why it pays",
  who_benefits: "Who benefits",
  differentiator: "What is special about it",
  pain_point_addressed: "The pain that it takes away",
};

export const READERS: Record<string, string> = {
  static: "Read by rules, without a model.",
  ocr: "Read from the words in the picture.",
  model: "Read by a language model, and held against the source.",
  none: "Nothing could be read.",
};

/** Each claim once, with all places that bear it out. */
export function claimsOf(told: readonly Told[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const one of told) {
    const claim = claims.get(one.field) ?? { field: one.field, text: one.claim, places: [] };
    claims.set(one.field, claim);
    const place = placeOf(one);
    if (place && !claim.places.some(({ name }) => name === place.name)) claim.places.push(place);
  }
  return [...claims.values()];
}

function placeOf({ lines, box }: Told): Place | null {
  if (lines) {
    const [first, last] = lines as [number, number];
    return {
      name: first === last ? `Line ${first}` : `Lines ${first}–${last}`,
      lines: [first, last],
      box: null,
    };
  }
  if (!box) return null;
  const [left, top, right, bottom] = box as [number, number, number, number];
  return { name: `At ${left}, ${top}`, lines: null, box: [left, top, right, bottom] };
}
