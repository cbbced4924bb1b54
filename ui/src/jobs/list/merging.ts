import type { InfiniteData } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import type { Row } from "@/jobs/words";

export type Page = Schema<"WorkList">;
export type Pages = InfiniteData<Page, string>;

/**
 * The pages that are shown, with their newest part as it is now. What stands below that part stays,
 * so that one look at the first page is enough however far down somebody has read.
 */
export function withHead(shown: Pages, head: Page): Pages {
  const last = head.data.at(-1);
  if (!head.next_cursor || !last || shown.pages.length === 0)
    return { pages: [head], pageParams: shown.pageParams.slice(0, 1) };
  const known = new Set(head.data.map(({ id }) => id));
  const end = place(last);
  const older = (row: Row) => !known.has(row.id) && place(row) < end;
  const pages = shown.pages.map((page, at) => ({
    ...page,
    data: [...(at === 0 ? head.data : []), ...page.data.filter(older)],
  }));
  return { ...shown, pages };
}

/** The same pages, with these rows anew; null is one that is wanted no more. */
export function withRows(shown: Pages, rows: ReadonlyMap<string, Row | null>): Pages {
  const pages = shown.pages.map((page) => ({
    ...page,
    data: page.data.flatMap((row) => {
      const now = rows.get(row.id);
      return now === undefined ? [row] : now === null ? [] : [now];
    }),
  }));
  return { ...shown, pages };
}

/** A word that sorts as the list does; fractions of seconds are written as far as they go. */
function place({ created_at, id }: Row): string {
  const [whole = "", fraction = ""] = created_at.replace("Z", "").split(".");
  return `${whole}.${fraction.padEnd(6, "0")} ${id}`;
}
