import { Group, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import classes from "@/make/Versions.module.css";
import { imageOf, useWork } from "@/make/work";

/** The versions of a storyboard, in the order in which they were made; one leads back to each. */
export function Versions({ ids, current }: { ids: readonly string[]; current: string }) {
  if (ids.length < 2) return null;
  return (
    <section aria-label="Versions">
      <Text size="sm" fw={600} mb={6}>
        Versions
      </Text>
      <Group gap="xs" className={classes.strip} wrap="nowrap" tabIndex={-1}>
        {ids.map((id, place) => (
          <Version key={id} id={id} number={place + 1} isCurrent={id === current} />
        ))}
      </Group>
    </section>
  );
}

type Props = { id: string; number: number; isCurrent: boolean };

function Version({ id, number, isCurrent }: Props) {
  const { data } = useWork(id);
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
      aria-label={`Version ${number}`}
    >
      {data?.status === "succeeded" ? (
        <img src={imageOf(id)} alt="" width={128} height={72} />
      ) : (
        <span className={classes.none}>{data?.status === "failed" ? "failed" : "…"}</span>
      )}
      <span className={classes.number}>{number}</span>
    </Link>
  );
}
