import { useMemo } from "react";
import type { Schema } from "@/api/client";
import { plain } from "@/shared/plain";
import { type Presets, usePresets } from "@/shared/presets";

type Row = Schema<"WorkSummary">;
// The longest of them last: there may not be room for it.
const LOOKS = ["audience", "format", "headline"] as const;

/** What tells work of the same title apart, by its id: readers, shape and headline, where they differ. */
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
  const names = new Map(presets?.audiences.map(({ key, name }) => [key, name]));
  const said = new Map<string, string>();
  for (const group of alike) {
    const differing = LOOKS.filter((look) => new Set(group.map((row) => row[look] ?? "")).size > 1);
    for (const row of group) {
      const words = differing.flatMap((look) => {
        const word = row[look];
        return word ? [look === "audience" ? (names.get(word) ?? word) : word] : [];
      });
      if (words.length) said.set(row.id, plain(words.join(" · ")));
    }
  }
  return said;
}
