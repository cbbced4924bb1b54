import { Button, Group, Loader, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconLayoutGrid } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, body, type Schema } from "@/api/client";
import classes from "@/make/Recent.module.css";
import { useApart } from "@/shared/apart";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";
import { plain } from "@/shared/plain";
import { StatusBadge } from "@/shared/StatusBadge";
import { When } from "@/shared/When";

const USUAL = 8;
const KINDS = ["code_to_storyboard", "roadmap_to_storyboard"] as const;

type Props = {
  /** So many are shown at least, where there are so many. */
  least: number;
  onSample: () => void;
};

/** The storyboards that were made last, and those that are being made. */
export function Recent({ least, onSample }: Props) {
  const limit = Math.max(USUAL, least);
  const query = useQuery({
    queryKey: ["jobs", "recent-storyboards", limit],
    queryFn: () => body(api.GET("/v1/jobs", { params: { query: { kind: [...KINDS], limit } } })),
  });
  const made = query.data?.data;
  const apart = useApart(made ?? NONE);
  if (made?.length === 0)
    return (
      <Empty title="Your storyboards will be here" icon={<IconLayoutGrid aria-hidden />}>
        Nothing at hand? There is a sample, a calculator of returns.
        <Group justify="center" mt="sm">
          <Button variant="light" onClick={onSample}>
            Make a storyboard of the sample
          </Button>
        </Group>
      </Empty>
    );
  return (
    <Stack gap="sm" component="section" aria-label="Made lately">
      <Title order={2} size="h4">
        Made lately
      </Title>
      {query.error && !made && <FaultNote error={query.error} retry={() => void query.refetch()} />}
      <SimpleGrid cols={{ base: 2, xs: 3, md: 4 }} spacing="md">
        {made
          ? made.map((work) => <Card key={work.id} work={work} apart={apart.get(work.id)} />)
          : query.isPending && [1, 2, 3, 4].map((n) => <Skeleton key={n} height={170} />)}
      </SimpleGrid>
    </Stack>
  );
}

type Work = Schema<"WorkSummary">;
const NONE: Work[] = [];

function Card({ work, apart }: { work: Work; apart: string | undefined }) {
  const usual = work.kind === "code_to_storyboard" ? "Code" : "Roadmap";
  const name = plain(work.title ?? usual);
  return (
    <Link href={`/studio/make/${work.id}`} className={classes.card} data-work={work.id}>
      <div className={classes.place}>
        <Thumb work={work} />
      </div>
      <Group gap="xs" justify="space-between" wrap="nowrap" mt={6}>
        <Text size="sm" fw={600} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
          <When at={work.created_at} />
        </Text>
      </Group>
      {apart && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          {apart}
        </Text>
      )}
    </Link>
  );
}

function Thumb({ work }: { work: Work }) {
  if (work.thumbnail)
    return <img src={work.thumbnail} alt="" width={480} height={270} loading="lazy" />;
  if (work.status === "failed" || work.status === "canceled")
    return (
      <Stack align="center" gap={4}>
        <IconAlertTriangle aria-hidden />
        <StatusBadge status={work.status} />
      </Stack>
    );
  return (
    <Stack align="center" gap={6}>
      <Loader size="sm" aria-hidden />
      <StatusBadge status={work.status} />
    </Stack>
  );
}
