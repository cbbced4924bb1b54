import { Grid, Stack, Text, Title } from "@mantine/core";
import { Config } from "@/automation/Config";
import { Gpu } from "@/automation/Gpu";
import { Inbox } from "@/automation/Inbox";
import { SwarmUi } from "@/automation/SwarmUi";
import { Waiting } from "@/automation/Waiting";
import { may, useSession } from "@/session/session";

/** What happens while nobody looks: when runs begin, what they need, and what holds them up. */
export default function Automation() {
  const { data: session } = useSession();
  return (
    <Stack gap="lg" maw={1280} mx="auto">
      <div>
        <Title order={1}>Automation</Title>
        <Text c="dimmed">
          Scripts become pictures while you sleep. Choose when a run begins, and when it leaves the
          GPU alone.
        </Text>
      </div>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <Waiting />
            {may(session, "stories") && <Config />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            {may(session, "gpu") && <Gpu />}
            {may(session, "engine") && <SwarmUi />}
            {may(session, "stories") && <Inbox />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
