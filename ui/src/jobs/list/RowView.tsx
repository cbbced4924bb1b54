import { Text, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { Link } from "wouter";
import classes from "@/jobs/list/RowView.module.css";
import { hasEnded, KINDS, type Row, saying, titleOf, took } from "@/jobs/words";
import { plain } from "@/shared/plain";
import { StatusBadge } from "@/shared/StatusBadge";
import { lasting } from "@/shared/times";
import { When } from "@/shared/When";

/** One job of the list: a row where there is room, a card on a phone. */
export function RowView({ row, apart }: { row: Row; apart: string | undefined }) {
  const { label, icon: Icon } = KINDS[row.kind];
  const ms = took(row);
  const says = saying(row);
  const labels = Object.entries(row.labels).map(([name, value]) => plain(`${name}: ${value}`));
  const rest = says || labels.join(" · ");
  const told = useId();
  return (
    <article className={classes.card} data-status={row.status} data-job={row.id}>
      <div className={classes.picture}>
        <Thumbnail
          key={row.thumbnail}
          src={row.thumbnail}
          otherwise={<Icon size={24} stroke={1.4} aria-hidden />}
        />
      </div>
      <div className={classes.name}>
        <Link
          href={`/studio/jobs/${row.id}`}
          className={classes.link}
          dir="auto"
          aria-describedby={apart && told}
        >
          {titleOf(row)}
        </Link>
        <Text
          size="xs"
          title={says || undefined}
          c={row.error ? "error" : "dimmed"}
          className={classes.says}
        >
          <span className={classes.again}>
            {label}
            {(apart || rest) && " · "}
          </span>
          {apart && (
            <Text span inherit c="dimmed" id={told}>
              {apart}
            </Text>
          )}
          {apart && rest && " · "}
          {rest}
        </Text>
      </div>
      <Text size="sm" className={classes.kind}>
        {label}
      </Text>
      <div className={classes.status}>
        <StatusBadge status={row.status} />
      </div>
      <Text size="sm" c="dimmed" className={classes.made}>
        <VisuallyHidden>Made </VisuallyHidden>
        <When at={row.created_at} />
      </Text>
      <Text size="sm" c="dimmed" className={classes.took}>
        {ms === null ? (
          <span aria-hidden>{hasEnded(row) ? "–" : "…"}</span>
        ) : (
          <>
            <VisuallyHidden>Took </VisuallyHidden>
            {lasting(ms)}
          </>
        )}
      </Text>
    </article>
  );
}

type ThumbnailProps = { src: string | null | undefined; otherwise: ReactNode };

/** Pictures are not kept as long as what is known of their jobs. */
function Thumbnail({ src, otherwise }: ThumbnailProps) {
  const [isGone, setGone] = useState(false);
  if (!src || isGone) return otherwise;
  return (
    <img
      src={src}
      alt=""
      width={96}
      height={60}
      loading="lazy"
      decoding="async"
      onError={() => setGone(true)}
    />
  );
}
