import { Button, Group, Popover, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";

type Props = {
  /** What the button says. */
  label: string;
  /** What it says to a reader who does not see what it stands beside. */
  about: string;
  icon?: ReactNode;
  /** What will be so afterwards. */
  says: ReactNode;
  yes: string;
  no: string;
  onYes: () => void;
  loading?: boolean;
  /** Whether nothing is lost by it. */
  isMild?: boolean;
};

/** A button for what cannot be undone: it says what will be, and asks. */
export function Confirm({ label, about, icon, says, yes, no, onYes, loading, isMild }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <Popover opened={opened} onChange={close} trapFocus position="bottom-end" withArrow width={280}>
      <Popover.Target>
        <Button
          variant="subtle"
          {...(!isMild && { color: "red" })}
          size="compact-sm"
          leftSection={icon}
          onClick={toggle}
          loading={loading ?? false}
          aria-label={`${label}: ${about}`}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`${label}?`}>
        <Stack gap="xs">
          <Text size="sm" component="div">
            {says}
          </Text>
          <Group gap="xs">
            <Button
              size="xs"
              {...(!isMild && { color: "red" })}
              onClick={() => {
                close();
                onYes();
              }}
            >
              {yes}
            </Button>
            <Button size="xs" variant="subtle" onClick={close}>
              {no}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
