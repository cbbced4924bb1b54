import { Alert, Group, Paper, Text } from "@mantine/core";
import { IconBuilding, IconInfoCircle } from "@tabler/icons-react";
import type { Session } from "@/session/session";
import { useOrganizations } from "@/settings/organisation/data";
import { Known } from "@/settings/organisation/Known";
import { Others } from "@/settings/organisation/Others";
import classes from "@/settings/shared/list.module.css";
import { Section } from "@/settings/shared/Section";

/** Whose things are shown. */
export function Organisation({ session }: { session: Session }) {
  const known = useOrganizations();
  const pages = known.data?.pages ?? [];
  const own = pages.flatMap(({ data }) => data).find(({ org_id }) => org_id === session.org_id);
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
            {!session.may_choose_org && own && <Known of={own} />}
          </div>
        </Group>
      </Paper>
      {pages[0]?.degraded.map((missing) => (
        <Alert key={missing} color="amber" icon={<IconInfoCircle aria-hidden />}>
          {missing}
        </Alert>
      ))}
      {session.may_choose_org ? (
        <Others session={session} known={known} />
      ) : (
        <Text c="dimmed">Your key belongs to it, so it stays this one.</Text>
      )}
    </Section>
  );
}
