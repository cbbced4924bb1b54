import { Badge, Button, Code, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import classes from "@/settings/shared/list.module.css";
import {
  type Delivery,
  type useCommands,
  useDeliveries,
  type Webhook,
} from "@/settings/webhooks/data";
import { told } from "@/settings/webhooks/types";
import { FaultNote } from "@/shared/FaultNote";
import { When } from "@/shared/When";

type Replaying = ReturnType<typeof useCommands>["replaying"];
type Props = { webhook: Webhook; replaying: Replaying };
const COLORS = { pending: "gray", delivered: "teal", failed: "red" } as const;
const SAYS = { pending: "under way", delivered: "delivered", failed: "failed" } as const;

/** What was sent lately, and what it answered. */
export function Deliveries({ webhook, replaying }: Props) {
  const log = useDeliveries(webhook);
  if (log.error) return <FaultNote error={log.error} retry={() => void log.refetch()} />;
  if (!log.data) return <Skeleton height={80} role="status" aria-label="Loading" />;
  const found = log.data.pages.flatMap(({ data }) => data);
  if (!found.length)
    return (
      <Text size="sm" c="dimmed">
        Nothing was sent yet.
      </Text>
    );
  return (
    <Stack gap="xs">
      <ul className={classes.list} aria-label="Last messages">
        {found.map((one) => (
          <Row key={one.id} delivery={one} replaying={replaying} />
        ))}
      </ul>
      {log.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          loading={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          Earlier ones
        </Button>
      )}
    </Stack>
  );
}

function Row({ delivery, replaying }: { delivery: Delivery; replaying: Replaying }) {
  const { id, type, status, attempts = [], created_at, next_attempt_at } = delivery;
  const last = attempts.at(-1);
  return (
    <Group component="li" gap="xs" justify="space-between" align="start" data-delivery={status}>
      <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
        <Group gap="xs">
          <Badge variant="light" color={COLORS[status]} tt="none">
            {SAYS[status]}
          </Badge>
          <Text size="sm">{told(type)}</Text>
          <Text size="sm" c="dimmed">
            <When at={created_at} />
          </Text>
        </Group>
        {last && (
          <Text size="sm" c="dimmed" className={classes.any} lineClamp={3}>
            {last.status_code ? (
              <>
                It answered <Code>{last.status_code}</Code> {last.answer}
              </>
            ) : (
              last.error
            )}
          </Text>
        )}
        {status === "pending" && last && next_attempt_at && (
          <Text size="sm" c="dimmed">
            Tried {attempts.length === 1 ? "once" : `${attempts.length} times`}; again{" "}
            <When at={next_attempt_at} />
          </Text>
        )}
      </div>
      {status !== "pending" && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={replaying.isPending && replaying.variables === id}
          onClick={() => replaying.mutate(id)}
        >
          Send again
        </Button>
      )}
    </Group>
  );
}
