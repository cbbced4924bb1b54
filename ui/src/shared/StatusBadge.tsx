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

const SPELLED: Partial<Record<Status, string>> = {
  canceling: "cancelling",
  canceled: "cancelled",
};

/** The state of a piece of work: the API's own word, spelled as everywhere on the page. */
export function spelled(status: Status): string {
  return SPELLED[status] ?? status;
}

/** That state in its colour. */
export function StatusBadge({ status }: { status: Status }) {
  return (
    <Badge variant="light" color={COLORS[status]} tt="none">
      {spelled(status)}
    </Badge>
  );
}
