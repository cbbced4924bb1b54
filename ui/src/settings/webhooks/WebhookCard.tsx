import { Badge, Button, Collapse, Group, Paper, Stack, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconKey, IconSend, IconTrash } from "@tabler/icons-react";
import { Confirm } from "@/settings/shared/Confirm";
import classes from "@/settings/shared/list.module.css";
import { OnceDialog } from "@/settings/shared/OnceDialog";
import { Deliveries } from "@/settings/webhooks/Deliveries";
import { type useCommands as Commands, useCommands, type Webhook } from "@/settings/webhooks/data";
import { HookSecret } from "@/settings/webhooks/HookSecret";
import { told } from "@/settings/webhooks/types";
import { FaultNote } from "@/shared/FaultNote";

/** One webhook: where it leads, what it tells, and what became of it lately. */
export function WebhookCard({ webhook }: { webhook: Webhook }) {
  const commands = useCommands(webhook.id);
  const [isOpen, log] = useDisclosure();
  const failed = Object.values(commands).find(({ error }) => error)?.error;
  return (
    <Paper component="li" withBorder p="md" data-webhook={webhook.id}>
      <Stack gap="sm">
        <Group justify="space-between" align="start">
          <div className={classes.any} style={{ flex: "1 1 14rem", minWidth: 0 }}>
            <Text fw={600}>{webhook.url}</Text>
            {webhook.description && <Text size="sm">{webhook.description}</Text>}
          </div>
          <Switch
            label={webhook.enabled ? "On" : "Off"}
            aria-label={`${webhook.enabled ? "On" : "Off"}: ${webhook.url}`}
            checked={webhook.enabled}
            disabled={commands.enabling.isPending}
            onChange={(event) => commands.enabling.mutate(event.currentTarget.checked)}
          />
        </Group>
        <Group gap={6}>
          {webhook.types.map((type) => (
            <Badge key={type} variant="light" tt="none" title={type}>
              {told(type)}
            </Badge>
          ))}
        </Group>
        {webhook.disabled_reason === "gone" && (
          <Text size="sm">It answered that it is gone, so it is told nothing any more.</Text>
        )}
        {failed && <FaultNote error={failed} />}
        <Actions webhook={webhook} commands={commands} isOpen={isOpen} log={log} />
        <Collapse expanded={isOpen}>
          {isOpen && <Deliveries webhook={webhook} replaying={commands.replaying} />}
        </Collapse>
      </Stack>
      {commands.rotating.data && (
        <OnceDialog title="Its new secret" isOnce onClose={commands.rotating.reset}>
          <HookSecret secret={commands.rotating.data.secret} onClose={commands.rotating.reset}>
            <Text size="sm">For 24 hours they are signed with the old one too.</Text>
          </HookSecret>
        </OnceDialog>
      )}
    </Paper>
  );
}

type ActionProps = {
  webhook: Webhook;
  commands: ReturnType<typeof Commands>;
  isOpen: boolean;
  log: { open: () => void; toggle: () => void };
};

function Actions({ webhook, commands, isOpen, log }: ActionProps) {
  const { testing, rotating, removing } = commands;
  return (
    <Group gap="xs">
      <Button
        variant="light"
        size="compact-sm"
        leftSection={<IconSend size={16} aria-hidden />}
        disabled={!webhook.enabled}
        loading={testing.isPending}
        onClick={() => testing.mutate(undefined, { onSuccess: log.open })}
      >
        Send a test
      </Button>
      <Button
        variant="subtle"
        size="compact-sm"
        rightSection={<IconChevronDown size={16} aria-hidden />}
        aria-expanded={isOpen}
        onClick={log.toggle}
      >
        Last messages
      </Button>
      <Confirm
        label="New secret"
        about={webhook.url}
        icon={<IconKey size={16} aria-hidden />}
        says="It gets a new secret. For 24 hours messages are signed with the old one too."
        isMild
        yes="Make a new secret"
        no="Keep this one"
        loading={rotating.isPending}
        onYes={() => rotating.mutate(undefined)}
      />
      <Confirm
        label="Remove"
        about={webhook.url}
        icon={<IconTrash size={16} aria-hidden />}
        says="It is told nothing any more, and the log of its messages goes with it."
        yes="Remove the webhook"
        no="Keep it"
        loading={removing.isPending}
        onYes={() => removing.mutate(undefined)}
      />
    </Group>
  );
}
