import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Fault } from "@/api/fault";
import { type Session, useSignIn } from "@/session/session";
import type { Organization, useOrganizations } from "@/settings/organisation/data";
import { Known } from "@/settings/organisation/Known";
import classes from "@/settings/shared/list.module.css";
import { FaultNote } from "@/shared/FaultNote";

type Props = { session: Session; known: ReturnType<typeof useOrganizations> };

/** Where an operator turns to another organisation. */
export function Others({ session, known }: Props) {
  const { chooseOrg } = useSignIn();
  const [name, setName] = useState("");
  const choosing = useMutation({
    mutationFn: chooseOrg,
    onSuccess: (_, org) => notifications.show({ message: `You look at ${org} now.` }),
  });
  const fault = choosing.error instanceof Fault ? choosing.error.fields.org_id : undefined;
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        Look at another
      </Title>
      {known.error && <FaultNote error={known.error} retry={() => void known.refetch()} />}
      {known.isPending && <Skeleton height={160} role="status" aria-label="Loading" />}
      {known.data && (
        <ul className={classes.list} aria-label="Organisations">
          {withOwn(
            known.data.pages.flatMap(({ data }) => data),
            session.org_id,
          ).map(({ org_id, told }) => (
            <Group component="li" key={org_id} gap="xs" data-organisation={org_id}>
              <Button
                variant={org_id === session.org_id ? "light" : "default"}
                leftSection={org_id === session.org_id && <IconCheck size={16} aria-hidden />}
                aria-pressed={org_id === session.org_id}
                onClick={() => choosing.mutate(org_id)}
                maw="100%"
              >
                {org_id}
              </Button>
              {told ? (
                <Known of={told} />
              ) : (
                <Text size="sm" c="dimmed">
                  Nothing yet
                </Text>
              )}
            </Group>
          ))}
        </ul>
      )}
      {known.hasNextPage && (
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          loading={known.isFetchingNextPage}
          onClick={() => void known.fetchNextPage()}
        >
          More
        </Button>
      )}
      <Group component="form" align="end" gap="xs" onSubmit={choose}>
        <TextInput
          label="By name"
          description="An organisation is there as soon as something is named for it"
          maxLength={128}
          flex="1 1 16rem"
          maw="28rem"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fault}
        />
        <Button type="submit" variant="light" disabled={!name.trim()} loading={choosing.isPending}>
          Look at it
        </Button>
      </Group>
      {choosing.error && !fault && <FaultNote error={choosing.error} />}
    </Stack>
  );

  function choose(event: React.SubmitEvent) {
    event.preventDefault();
    choosing.mutate(name.trim());
  }
}

/** With the usual one and the one that is looked at, of which nothing may be known yet. */
function withOwn(known: Organization[], own: string): { org_id: string; told?: Organization }[] {
  const there = known.map((told) => ({ org_id: told.org_id, told }));
  const names = new Set(known.map(({ org_id }) => org_id));
  const missing = [...new Set(["default", own])].filter((name) => !names.has(name));
  return [...missing.map((org_id) => ({ org_id })), ...there];
}
