import { Badge, type MantineColor } from "@mantine/core";
import type { Schema } from "@/api/client";

export type Status = Schema<"WorkStatus">;

const COLORS: Record<Status, MantineColor> = {
  queued: "gray",
  running: "blue",
  waiting: "amber",
  canceling: "orange",
  succeeded: "teal",
  failed: "red",
  canceled: "gray",
};

/** The state of a piece of work, in the API's own word. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <Badge variant="light" color={COLORS[status]} tt="none">
      {status}
    </Badge>
  );
}
