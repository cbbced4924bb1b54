import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import classes from "@/jobs/one/Evidence.module.css";
import type { Code } from "@/jobs/one/job";
import { plain } from "@/shared/plain";

const LINE = 20;
/** What a line is longer than that is not drawn: it could be as long as the whole file. */
const LONGEST = 500;

type Props = { source: Code; lines: readonly [number, number] | null };

/** The code as it was sent, as text and nothing else, with the lines in question marked. */
export function Source({ source, lines }: Props) {
  const pane = useRef<HTMLElement>(null);
  const texts = useMemo(() => source.text.split(/\r\n|\r|\n/).map(cut), [source.text]);
  const width = useMemo(() => Math.max(...texts.map((text) => text.length)), [texts]);
  const virtualizer = useVirtualizer({
    count: texts.length,
    getScrollElement: () => pane.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const [first, last] = lines ?? [0, 0];
  useEffect(() => {
    // Some lines before it tell where one is.
    if (first) virtualizer.scrollToIndex(Math.max(0, first - 4), { align: "start" });
  }, [first, virtualizer]);
  const digits = String(texts.length).length;
  return (
    <>
      <Text size="xs" c="dimmed" className={classes.file} dir="auto">
        {plain(source.file_name)} {source.language && `· ${source.language}`}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keys */}
      <section ref={pane} className={classes.pane} aria-label="Source" tabIndex={0}>
        <div
          className={classes.lines}
          style={{ height: virtualizer.getTotalSize(), minWidth: `${width + digits + 4}ch` }}
        >
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const number = index + 1;
            const isCited = first <= number && number <= last;
            return (
              <div
                key={index}
                className={classes.line}
                data-cited={isCited || undefined}
                style={{ transform: `translateY(${start}px)`, height: LINE }}
              >
                <span className={classes.number} style={{ width: `${digits + 2}ch` }}>
                  {number}
                </span>
                <code>{texts[index]}</code>
              </div>
            );
          })}
        </div>
      </section>
    </>
  );
}

function cut(line: string): string {
  const text = plain(line).replaceAll("\t", "    ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
