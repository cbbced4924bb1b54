import { Button, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowUp } from "@tabler/icons-react";
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import classes from "@/jobs/list/Rows.module.css";
import { RowView } from "@/jobs/list/RowView";
import { useReading } from "@/jobs/list/reading";
import type { Row } from "@/jobs/words";
import { useApart } from "@/shared/apart";

const ROW = 76;
const CARD = 148;
/** The next page is asked for so many rows before the last one is seen. */
const EARLY = 20;

type Props = { rows: readonly Row[]; more: (() => void) | null; isLoading: boolean };

/** The list itself: only what is in sight is drawn. */
export function Rows({ rows, more, isLoading }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const isNarrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const [focused, setFocused] = useState<number | null>(null);
  const wished = useRef<number | null>(null);
  const height = isNarrow ? CARD : ROW;
  const { items, total, top, above, toTop, reveal } = useReading(list, rows, height, focused);

  const apart = useApart(rows);

  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - EARLY) more();
  }, [more, last, rows.length]);
  // A row that an arrow key leads to gets the focus once it is drawn.
  useEffect(() => {
    if (wished.current !== null && focusOn(list.current, wished.current)) wished.current = null;
  });

  return (
    <>
      <div className={classes.news} role="status">
        {above > 0 && (
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} aria-hidden />}
            onClick={toTop}
          >
            {above === 1 ? "1 new job" : `${above} new jobs`}
          </Button>
        )}
      </div>
      <ul
        ref={list}
        className={classes.list}
        style={{ height: total }}
        onKeyDown={keyed}
        onFocus={noted}
        onBlur={() => setFocused(null)}
        aria-label="Jobs, the newest first"
      >
        {items.map(({ key, index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <li
              key={key}
              data-index={index}
              className={classes.row}
              style={{ height, transform: `translateY(${start - top}px)` }}
              aria-posinset={index + 1}
              aria-setsize={more ? -1 : rows.length}
            >
              <RowView row={row} apart={apart.get(row.id)} />
            </li>
          );
        })}
      </ul>
      {more || isLoading ? (
        <Skeleton height={height} mt="xs" role="status" aria-label="Loading" />
      ) : (
        <Text size="sm" c="dimmed" ta="center" py="md">
          {rows.length === 1 ? "That is the only one." : `That is all: ${rows.length} jobs.`}
        </Text>
      )}
    </>
  );

  function noted({ target }: FocusEvent) {
    const index = target.closest("li")?.dataset.index;
    if (index !== undefined) setFocused(Number(index));
  }

  function keyed(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || focused === null) return;
    event.preventDefault();
    const next = Math.min(Math.max(focused + step, 0), rows.length - 1);
    reveal(next);
    if (!focusOn(list.current, next)) wished.current = next;
  }
}

function focusOn(list: HTMLElement | null, index: number): boolean {
  const link = list?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
  link?.focus({ preventScroll: true });
  return !!link;
}
