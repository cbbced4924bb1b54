import { Text } from "@mantine/core";
import { useState } from "react";
import type { Place } from "@/jobs/one/claims";
import classes from "@/jobs/one/Evidence.module.css";
import type { Job } from "@/jobs/words";

/** The screenshot as it was read, with a frame around the words in question. */
export function Screenshot({ job, box }: { job: Job; box: Place["box"] }) {
  const [size, setSize] = useState<readonly [number, number] | null>(null);
  const [isGone, setGone] = useState(false);
  if (isGone) return <Text size="sm">The screenshot is older than pictures are kept.</Text>;
  return (
    <div className={classes.shot}>
      <img
        src={`${job.links.self}/source`}
        alt="The screenshot that was read"
        onLoad={({ currentTarget }) =>
          setSize([currentTarget.naturalWidth, currentTarget.naturalHeight])
        }
        onError={() => setGone(true)}
      />
      {size && box && (
        <svg viewBox={`0 0 ${size[0]} ${size[1]}`} className={classes.frame} aria-hidden="true">
          <rect x={box[0]} y={box[1]} width={box[2] - box[0]} height={box[3] - box[1]} rx={4} />
        </svg>
      )}
    </div>
  );
}
