import { memo } from "react";
import { Link } from "wouter";
import { shotAt } from "@/story/addresses";
import type { Shot } from "@/story/data/runs";
import classes from "@/story/sheet/sheet.module.css";
import { SHOT } from "@/story/words";

type Props = {
  runId: string;
  shot: Shot;
  /** The heading of the scene that it opens. */
  scene: string | undefined;
};

/** One picture, or its place. Plain elements: there may be a thousand of them. */
export const Tile = memo(function Tile({ runId, shot, scene }: Props) {
  const { says } = SHOT[shot.status];
  const place = Number(shot.id.slice(0, shot.id.indexOf("-")));
  const [width, height] = shot.aspect === "cinematic" ? [560, 320] : [320, 560];
  return (
    <li className={classes.tile} data-shot={shot.id} data-status={shot.status}>
      <Link href={shotAt(runId, shot.id)} className={classes.link}>
        <div className={classes.frame} data-aspect={shot.aspect}>
          {shot.imageUrl ? (
            <img
              src={small(shot.imageUrl)}
              alt=""
              width={width}
              height={height}
              loading="lazy"
              decoding="async"
            />
          ) : (
            <span className={classes.blank} data-moving={shot.status === "making" || undefined} />
          )}
          {scene && <span className={classes.scene}>{scene}</span>}
          <span
            className={classes.status}
            data-quiet={(shot.status === "done" && !shot.outdated) || undefined}
          >
            {says}
            {shot.outdated && " · older than its beat"}
            {shot.progress !== null && ` · ${Math.round(shot.progress * 100)} %`}
          </span>
        </div>
        <span className={classes.caption}>
          <span className={classes.number}>
            {place}
            {shot.take > 1 && ` · ${shot.take}`}
          </span>
          {shot.caption || shot.beatId}
        </span>
      </Link>
    </li>
  );
});

function small(url: string): string {
  return `${url}&size=small`;
}
