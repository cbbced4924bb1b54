import { Anchor, Button, Group, Skeleton, Stack, Title } from "@mantine/core";
import { IconChartBar, IconListSearch } from "@tabler/icons-react";
import { useCallback } from "react";
import { Link } from "wouter";
import { Fault } from "@/api/fault";
import { Filters } from "@/jobs/list/Filters";
import { Rows } from "@/jobs/list/Rows";
import { ALL, isAll, useWanted } from "@/jobs/list/wanted";
import { useWork } from "@/jobs/list/work";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";

/** All work, the newest first. */
export function List() {
  const [wanted, change] = useWanted();
  const { rows, data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useWork(wanted);
  const more = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);
  const labelFault = error instanceof Fault ? error.fields.label : undefined;
  return (
    <Stack gap="lg" maw={1400} mx="auto">
      <Group justify="space-between">
        <Title order={1}>Jobs</Title>
        <Button
          component={Link}
          href="/studio/jobs/figures"
          variant="default"
          leftSection={<IconChartBar size={18} aria-hidden />}
        >
          Figures
        </Button>
      </Group>
      <Filters wanted={wanted} change={change} {...(labelFault && { labelFault })} />
      {error && <FaultNote error={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data && rows.length > 0 && (
        <div>
          <Rows rows={rows} more={hasNextPage ? more : null} isLoading={isFetchingNextPage} />
        </div>
      )}
      {data &&
        rows.length === 0 &&
        (isAll(wanted) ? <Nothing /> : <NoneFound onAll={() => change(ALL)} />)}
    </Stack>
  );
}

function NoneFound({ onAll }: { onAll: () => void }) {
  return (
    <Empty title="No job is like that" icon={<IconListSearch size={40} stroke={1.2} aria-hidden />}>
      <Button variant="light" mt="sm" onClick={onAll}>
        Show all jobs
      </Button>
    </Empty>
  );
}

function Waiting() {
  return (
    <Stack gap={4} role="status" aria-label="Loading">
      {Array.from({ length: 8 }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={at} height={72} />
      ))}
    </Stack>
  );
}

function Nothing() {
  return (
    <Empty title="Nothing has been made yet">
      Storyboards, stories and exports stand here, from the moment that they are asked for.{" "}
      <Anchor component={Link} href="/">
        Make a storyboard
      </Anchor>
      , and watch it come.
    </Empty>
  );
}
