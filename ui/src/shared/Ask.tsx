import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { FaultNote } from "@/shared/FaultNote";

type Props<T> = {
  query: UseQueryResult<T>;
  /** The height of what will come, so that nothing jumps. */
  height?: number | string;
  children: (data: T) => ReactNode;
};

/** Shows what was asked for; until then, its place; and otherwise why it is not there. */
export function Ask<T>({ query, height = 240, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <FaultNote error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton height={height} role="status" aria-label="Loading" />;
}
