import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBuilding, IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Fault } from "@/api/fault";
import { may, type Session, useSignIn } from "@/session/session";
import { useKeys } from "@/settings/keys/data";
import classes from "@/settings/shared/list.module.css";
import { Section } from "@/settings/shared/Section";
import { FaultNote } from "@/shared/FaultNote";

/** Whose things are shown. */
export function Organisation({ session }: { session: Session }) {
  return (
    <Section
      title="Organisation"
      lead="Storyboards, stories, brands, keys and webhooks belong to one organisation. No other sees them."
    >
      <Paper withBorder p="md">
        <Group wrap="nowrap">
          <IconBuilding size={32} aria-hidden />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" c="dimmed">
              You look at
            </Text>
            <Text fw={650} size="lg" className={classes.any} data-org>
              {session.org_id}
            </Text>
          </div>
        </Group>
      </Paper>
      {session.may_choose_org ? (
        <Others session={session} />
      ) : (
        <Text c="dimmed">Your key belongs to it, so it stays this one.</Text>
      )}
    </Section>
  );
}

function Others({ session }: { session: Session }) {
  const { chooseOrg } = useSignIn();
  const [name, setName] = useState("");
  const keys = useKeys(may(session, "admin"));
  const choosing = useMutation({
    mutationFn: chooseOrg,
    onSuccess: (_, org) => notifications.show({ message: `You look at ${org} now.` }),
  });
  const known = new Set(["default", session.org_id, ...(keys.data ?? []).map((key) => key.org_id)]);
  const fault = choosing.error instanceof Fault ? choosing.error.fields.org_id : undefined;
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        Look at another
      </Title>
      <Group gap="xs" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {[...known].sort().map((org) => (
          <li key={org} className={classes.any}>
            <Button
              variant={org === session.org_id ? "light" : "default"}
              leftSection={org === session.org_id && <IconCheck size={16} aria-hidden />}
              aria-pressed={org === session.org_id}
              onClick={() => choosing.mutate(org)}
              maw="100%"
            >
              {org}
            </Button>
          </li>
        ))}
      </Group>
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
