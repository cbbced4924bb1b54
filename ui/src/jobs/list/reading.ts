import {
  defaultRangeExtractor,
  type Range,
  useWindowVirtualizer,
  type VirtualItem,
} from "@tanstack/react-virtual";
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Row } from "@/jobs/words";

/** The header of the page covers so much of what is scrolled. */
const COVERED = 56;

type Reading = {
  items: VirtualItem[];
  /** The height of all rows together. */
  total: number;
  /** Where the list begins in the page. */
  top: number;
  /** How many rows came above what is being read. */
  above: number;
  toTop: () => void;
  reveal: (index: number) => void;
};

/**
 * Which rows are drawn, however many there are. Rows that come above do not move what is being read:
 * the page is scrolled by their height before it is painted.
 */
export function useReading(
  list: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  height: number,
  focused: number | null,
): Reading {
  const [top, setTop] = useState(0);
  const [above, setAbove] = useState(0);
  // What has the focus stays, also where it is out of sight.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      if (focused === null || focused >= range.count || shown.includes(focused)) return shown;
      return [...shown, focused].sort((a, b) => a - b);
    },
    [focused],
  );
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: top,
    scrollPaddingStart: COVERED,
    rangeExtractor,
  });
  useLayoutEffect(() => {
    const place = list.current?.getBoundingClientRect().top;
    if (place !== undefined) setTop(Math.round(place + window.scrollY));
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are as high as the screen is wide
  useLayoutEffect(() => virtualizer.measure(), [height, virtualizer]);

  const before = useRef(rows);
  useLayoutEffect(() => {
    const known = before.current;
    before.current = rows;
    const index = Math.floor((window.scrollY + COVERED - top) / height);
    const read = known[index];
    if (index <= 0 || known === rows || !read) return setAbove(0);
    const now = rows.findIndex(({ id }) => id === read.id);
    if (now < 0 || now === index) return;
    window.scrollBy(0, (now - index) * height);
    setAbove((count) => Math.max(0, count + now - index));
  }, [rows, height, top]);

  return {
    items: virtualizer.getVirtualItems(),
    total: virtualizer.getTotalSize(),
    top,
    above,
    toTop: () => {
      setAbove(0);
      window.scrollTo(0, 0);
    },
    reveal: (index) => virtualizer.scrollToIndex(index),
  };
}
