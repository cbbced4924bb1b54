import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { Ask } from "@/shared/Ask";
import { Card } from "@/shared/Card";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";
import { When } from "@/shared/When";

type Notification = Schema<"NotificationView">;
const SAYS: Record<Notification["type"], string> = {
  prompts_ready: "Prompts are ready",
  beats_ready: "Beats are ready",
  images_ready: "Pictures are ready",
};

/** What services have told each other and nobody has taken yet. */
export function Inbox() {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["notifications", "pending"],
    queryFn: async () => {
      const asked = api.GET("/api/v1/notifications/check", {
        params: { query: { type: ["all"] } },
      });
      const answer = await body(asked);
      return "notifications" in answer ? answer.notifications : [];
    },
  });
  const acknowledge = useMutation({
    mutationFn: (id: string) =>
      api.POST("/api/v1/notifications/{notification_id}/ack", {
        params: { path: { notification_id: id } },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
  return (
    <Card title="Notifications">
      {acknowledge.error && <FaultNote error={acknowledge.error} />}
      <Ask query={query} height={100}>
        {(pending) =>
          pending.length === 0 ? (
            <Empty title="Nothing is pending" icon={<IconBellOff aria-hidden />}>
              Services say here when beats or prompts are ready.
            </Empty>
          ) : (
            <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
              {pending.map((one) => (
                <Group component="li" key={one.id} justify="space-between" wrap="nowrap">
                  <div>
                    <Group gap="xs">
                      <Text fw={600}>{SAYS[one.type]}</Text>
                      <Badge variant="light" tt="none">
                        {counted(one)}
                      </Badge>
                    </Group>
                    <Text size="sm" c="dimmed">
                      Session {one.sessionTimestamp} · <When at={one.timestamp} />
                    </Text>
                  </div>
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => acknowledge.mutate(one.id)}
                    aria-label={`Acknowledge: ${SAYS[one.type]}, session ${one.sessionTimestamp}`}
                  >
                    Acknowledge
                  </Button>
                </Group>
              ))}
            </Stack>
          )
        }
      </Ask>
    </Card>
  );
}

function counted({ type, totalPrompts, totalBeats }: Notification): string {
  if (type === "beats_ready") return `${totalBeats ?? "?"} beats`;
  return `${totalPrompts} ${type === "images_ready" ? "pictures" : "prompts"}`;
}
