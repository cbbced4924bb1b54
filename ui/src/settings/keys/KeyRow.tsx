import { Badge, Code, Group, Paper, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { isGood, type Key } from "@/settings/keys/data";
import { SCOPES } from "@/settings/keys/scopes";
import { Confirm } from "@/settings/shared/Confirm";
import classes from "@/settings/shared/list.module.css";
import { When } from "@/shared/When";

type Props = { of: Key; isOwn: boolean; isBusy: boolean; onRevoke: () => void };

/** One key: what it is for, what it opens, and when it was used. */
export function KeyRow({ of: key, isOwn, isBusy, onRevoke }: Props) {
  return (
    <Paper component="li" withBorder p="md" data-key={key.id}>
      <Group justify="space-between" align="start" gap="sm">
        <Stack gap={6} miw={0} flex="1 1 16rem">
          <Group gap="xs">
            <Text fw={600} className={classes.any}>
              {key.name}
            </Text>
            <Code>{key.prefix}…</Code>
            {isOwn && (
              <Badge variant="light" color="teal" tt="none">
                used by this page
              </Badge>
            )}
            {!isGood(key) && (
              <Badge variant="light" color="gray" tt="none">
                {key.revoked_at ? "revoked" : "ended"}
              </Badge>
            )}
          </Group>
          <Group gap={6}>
            {key.scopes.map((scope) => (
              <Badge key={scope} variant="light" tt="none" title={SCOPES[scope].says}>
                {SCOPES[scope].label}
              </Badge>
            ))}
            <Text size="sm" c="dimmed" className={classes.any}>
              for {key.org_id}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            Made <When at={key.created_at} /> ·{" "}
            {key.last_used_at ? (
              <>
                last used <When at={key.last_used_at} />
              </>
            ) : (
              "never used"
            )}{" "}
            · <Ends of={key} />
          </Text>
        </Stack>
        {!key.revoked_at && (
          <Confirm
            label="Revoke"
            about={key.name}
            icon={<IconTrash size={16} aria-hidden />}
            says={
              isOwn
                ? "This page uses it: you will be signed out. It cannot be made good again."
                : "Whoever uses it is refused within ten seconds. It cannot be made good again."
            }
            yes="Revoke the key"
            no="Keep it"
            loading={isBusy}
            onYes={onRevoke}
          />
        )}
      </Group>
    </Paper>
  );
}

function Ends({ of: { revoked_at, expires_at } }: { of: Key }) {
  const at = revoked_at ?? expires_at;
  if (!at) return "has no end";
  return (
    <>
      {revoked_at ? "revoked" : Date.parse(at) > Date.now() ? "ends" : "ended"} <When at={at} />
    </>
  );
}
