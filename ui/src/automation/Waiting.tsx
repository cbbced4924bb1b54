import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { IconMoonStars } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, body, type Schema } from "@/api/client";
import { Ask } from "@/shared/Ask";
import { Card } from "@/shared/Card";
import { Empty } from "@/shared/Empty";
import { StatusBadge } from "@/shared/StatusBadge";
import { When } from "@/shared/When";

type Work = Schema<"WorkSummary">;
const SHOWN = 8;

/** Everything that is under way, and for each that stands still, why. */
export function Waiting() {
  const query = useQuery({
    queryKey: ["jobs", "under way"],
    queryFn: () =>
      body(
        api.GET("/v1/jobs", {
          params: { query: { status: ["waiting", "queued", "running"], limit: SHOWN } },
        }),
      ),
  });
  return (
    <Card title="Under way">
      <Ask query={query} height={120}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="Nothing is under way" icon={<IconMoonStars aria-hidden />}>
              What is made, and what it waits for, is told here.
            </Empty>
          ) : (
            <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: "none" }}>
              {data.map((work) => (
                <Row key={work.id} work={work} />
              ))}
            </Stack>
          )
        }
      </Ask>
    </Card>
  );
}

function Row({ work }: { work: Work }) {
  const isRun = work.kind === "story_run";
  const href = isRun ? `/studio/story/runs/${work.id}` : `/studio/jobs/${work.id}`;
  return (
    <Stack component="li" gap={4}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Anchor component={Link} href={href} truncate>
          {work.title ?? work.id}
        </Anchor>
        <StatusBadge status={work.status} />
      </Group>
      {work.waiting_on?.map(({ code, detail, until }) => (
        <Group key={code} gap="xs">
          <Badge variant="default" tt="none">
            {code}
          </Badge>
          <Text size="sm">{detail}</Text>
          {until && (
            <Text size="sm" c="dimmed">
              until <When at={until} />
            </Text>
          )}
        </Group>
      ))}
      {work.status === "queued" && <Place id={work.id} kind={work.kind} />}
    </Stack>
  );
}

/** Where it stands in its queue, and whether that is held. */
function Place({ id, kind }: { id: string; kind: string }) {
  const query = useQuery({
    queryKey: [kind, id, "explain"],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}/explain", { params: { path: { job_id: id } } })),
  });
  return (
    <Text size="sm" c="dimmed" mih="1.4em">
      {query.data?.says}
    </Text>
  );
}
