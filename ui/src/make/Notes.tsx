import { Alert, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { api, body } from "@/api/client";
import { ARRIVED } from "@/make/arriving";
import { useKept } from "@/make/choices";
import type { Work } from "@/make/making";
import { lookOf } from "@/make/work";
import { FaultNote } from "@/shared/FaultNote";

type Props = { work: Work; isForOthers: boolean };

/** What could not be done as well as usual. The storyboard is there all the same. */
export function Notes({ work, isForOthers }: Props) {
  const [, keep] = useKept();
  const notes = [...new Set([...(work.degraded ?? []), ...(work.warnings ?? [])])];
  if (notes.length === 0) return null;
  return (
    <Alert color="amber" icon={<IconInfoCircle aria-hidden />} title="Good to know">
      <List size="sm" spacing={4} listStyleType={notes.length > 1 ? "disc" : "none"}>
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
      {isForOthers && (
        <Button
          component={Link}
          href="/"
          size="compact-sm"
          variant="default"
          mt="xs"
          // The desk opens with the choices of this storyboard.
          onClick={() => keep(lookOf(work))}
        >
          Bring the source again
        </Button>
      )}
    </Alert>
  );
}

/** Why there is no storyboard, and what to do. */
export function Ended({ work }: { work: Work }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const again = useMutation({
    mutationFn: () =>
      body(api.POST("/v1/jobs/{job_id}/retry", { params: { path: { job_id: work.id } } })),
    onSuccess: (child) => {
      client.setQueryData(["work", child.id], child);
      go(`/studio/make/${child.id}`, { state: ARRIVED });
    },
  });
  const { error } = work;
  return (
    <Stack gap="sm">
      <Alert
        color={error ? "red" : "gray"}
        icon={<IconAlertTriangle aria-hidden />}
        title={error ? "It could not be made" : "It was cancelled"}
        role="alert"
      >
        <Stack gap="xs">
          {error && <Text size="sm">{error.message}</Text>}
          {error?.hint && <Text size="sm">{error.hint}</Text>}
          <Group gap="xs">
            {error && <Code>{error.code}</Code>}
            <Button
              size="compact-sm"
              variant="light"
              color={error ? "red" : "blue"}
              onClick={() => again.mutate()}
              loading={again.isPending}
            >
              Try again
            </Button>
          </Group>
        </Stack>
      </Alert>
      {again.error && <FaultNote error={again.error} />}
    </Stack>
  );
}
