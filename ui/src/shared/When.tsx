import { useInterval } from "@mantine/hooks";
import { useState } from "react";
import { ago, exactly } from "@/shared/times";

/** A moment as people say it; the exact one is in its title. */
export function When({ at }: { at: string }) {
  // Only to look at the clock again: what has happened since then is not yet to come.
  const [, tick] = useState(0);
  useInterval(() => tick((count) => count + 1), 10_000, { autoInvoke: true });
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at)}
    </time>
  );
}
