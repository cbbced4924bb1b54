import { Group, Text, VisuallyHidden } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { Work } from "@/make/making";
import classes from "@/make/Versions.module.css";
import { imageOf, workQuery } from "@/make/work";
import { useApartTogether } from "@/shared/apart";

/** The versions of a storyboard, in the order in which they were made; one leads back to each. */
export function Versions({ ids, current }: { ids: readonly string[]; current: string }) {
  const versions = useQueries({ queries: ids.map(workQuery) }).map(({ data }) => data);
  const apart = useApartTogether(versions.filter((one) => one !== undefined));
  if (ids.length < 2) return null;
  return (
    <section aria-label="Versions">
      <Text size="sm" fw={600} mb={6}>
        Versions
      </Text>
      <Group gap="xs" className={classes.strip} wrap="nowrap" align="flex-start" tabIndex={-1}>
        {ids.map((id, place) => (
          <Version
            key={id}
            id={id}
            work={versions[place]}
            apart={apart.get(id)}
            number={place + 1}
            isCurrent={id === current}
          />
        ))}
      </Group>
    </section>
  );
}

type Props = {
  id: string;
  work: Work | undefined;
  apart: string | undefined;
  number: number;
  isCurrent: boolean;
};

function Version({ id, work, apart, number, isCurrent }: Props) {
  const own = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const strip = own.current?.parentElement;
    // The strip alone is moved, never the page.
    if (isCurrent && own.current && strip)
      strip.scrollTo({ left: own.current.offsetLeft - strip.offsetLeft });
  }, [isCurrent]);
  return (
    <Link
      ref={own}
      href={`/studio/make/${id}`}
      className={classes.version}
      aria-current={isCurrent ? "true" : undefined}
    >
      <span className={classes.place}>
        {work?.status === "succeeded" ? (
          <img src={imageOf(id)} alt="" width={128} height={72} />
        ) : (
          <span className={classes.none}>{work?.status === "failed" ? "failed" : "…"}</span>
        )}
        <span className={classes.number}>
          <VisuallyHidden>Version </VisuallyHidden>
          {number}
        </span>
      </span>
      <Text component="span" size="xs" c="dimmed" lineClamp={2} className={classes.apart ?? ""}>
        {apart}
      </Text>
    </Link>
  );
}
