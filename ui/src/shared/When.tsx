import { useInterval } from "@mantine/hooks";
import { useState } from "react";
import { ago, exactly } from "@/shared/times";

/** A moment as people say it; the exact one is in its title. */
export function When({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 10_000, { autoInvoke: true });
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at, now)}
    </time>
  );
}
