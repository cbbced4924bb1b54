/** What a number field has, which is text while it is empty: then what was there before stays. */
export function whole(value: number | string, before: number): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.round(value) : before;
}
