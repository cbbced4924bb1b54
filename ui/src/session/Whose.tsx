import { Button, Menu, Text } from "@mantine/core";
import { IconBuilding, IconLogout } from "@tabler/icons-react";
import { type Session, useSignIn } from "@/session/session";

/** Whose things are shown, and the way out. */
export function Whose({ session }: { session: Session }) {
  const { signOut } = useSignIn();
  if (!session.needs_key && session.org_id === "default") return null;
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconBuilding size={16} aria-hidden />}
          aria-label={`Organisation ${session.org_id}`}
        >
          <Text inherit truncate maw={140}>
            {session.org_id}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.key_id ? `Key ${session.key_id}` : "No key is needed here"}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut()}
        >
          {session.needs_key ? "Sign out" : "Back to the default organisation"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
