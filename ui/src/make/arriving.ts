import { useEffect, useRef } from "react";
import { useHistoryState } from "wouter/use-browser-location";

/** Goes along with the address of what was just ordered. */
export const ARRIVED = "arrived";

/** Where somebody has ordered something, the heading of what comes has the focus, and is read out. */
export function useArrival(id: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const state = useHistoryState<unknown>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each order is another arrival
  useEffect(() => {
    if (state === ARRIVED) heading.current?.focus();
  }, [id, state]);
  return heading;
}
