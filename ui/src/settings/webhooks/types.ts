import type { Schema } from "@/api/client";

type Type = Schema<"EventType">;

/** What can be told, in words. */
export const TYPES: Record<Type, string> = {
  "job.accepted": "Work is taken on",
  "job.started": "Work begins",
  "job.progress": "Work goes on, twice a second at most",
  "job.waiting": "Work waits for something",
  "job.completed": "Work is done",
  "job.failed": "Work has failed",
  "job.cancelled": "Work is cancelled",
  "run.shots": "More pictures of a story are wanted",
  "run.shot": "A picture of a story is begun or made",
  "session.changed": "A story is written or changed",
  "session.deleted": "A story is deleted",
  "notification.created": "There is a notice",
  "notification.acknowledged": "A notice is acknowledged",
};

export const USUAL: Type[] = [
  "job.completed",
  "job.failed",
  "job.cancelled",
  "notification.created",
];

/** What somebody who looks at a list reads; a type that is newer than this page stays as it is. */
export function told(type: string): string {
  return type === "webhook.test" ? "A test" : (TYPES[type as Type] ?? type);
}
