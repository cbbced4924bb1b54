import { useMemo } from "react";
import type { Schema } from "@/api/client";
import { plain } from "@/shared/plain";
import { type Presets, usePresets } from "@/shared/presets";

/** What was asked for is known where the work is known whole. */
type Row = Schema<"WorkSummary"> & { input?: Schema<"Work">["input"] };
// The longest of them last: there may not be room for it.
const LOOKS: readonly ((row: Row) => string)[] = [
  (row) => row.audience ?? "",
  ({ input }) => (typeof input?.icp_preset === "string" ? input.icp_preset : ""),
  (row) => row.format ?? "",
  (row) => row.headline ?? "",
];

/** What tells work of the same title apart, by its id: readers, customers, shape and headline, where they differ. */
export function useApart(rows: readonly Row[]): ReadonlyMap<string, string> {
  const alike = useMemo(() => groups(rows, titled), [rows]);
  const presets = usePresets();
  // Names that come later would push what is read aside.
  const isKnown = !presets.isPending;
  return useMemo(
    () => (isKnown ? apart(alike, presets.data) : new Map()),
    [alike, isKnown, presets.data],
  );
}

/** The same for work that belongs together, whatever it is called. */
export function useApartTogether(rows: readonly Row[]): ReadonlyMap<string, string> {
  const presets = usePresets();
  return presets.isPending ? new Map() : apart([rows], presets.data);
}

function titled({ kind, title }: Row): string {
  return title ? `${kind} ${title}` : "";
}

function groups(rows: readonly Row[], key: (row: Row) => string): Row[][] {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const own = key(row);
    const known = found.get(own);
    if (known) known.push(row);
    else if (own) found.set(own, [row]);
  }
  return [...found.values()];
}

function apart(alike: readonly (readonly Row[])[], presets: Presets | undefined) {
  const named = [...(presets?.audiences ?? []), ...(presets?.icp_presets ?? [])];
  const names = new Map(named.map(({ key, name }) => [key, name]));
  const said = new Map<string, string>();
  for (const group of alike) {
    const differing = LOOKS.filter((look) => new Set(group.map(look)).size > 1);
    for (const row of group) {
      const words = differing.flatMap((look) => look(row) || []);
      const told = words.map((word) => names.get(word) ?? word);
      if (told.length) said.set(row.id, plain(told.join(" · ")));
    }
  }
  return said;
}
