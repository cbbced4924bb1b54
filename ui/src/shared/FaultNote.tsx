import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Fault } from "@/api/fault";

type Props = {
  error: unknown;
  /** Asks again, where that may help. */
  retry?: () => void;
};

/** What went wrong, what it is called, and what to do. */
export function FaultNote({ error, retry }: Props) {
  const told = error instanceof Fault ? error : new Fault(String(error), "page", 0);
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} role="alert">
      <Stack gap="xs">
        <Text size="sm">{told.message}</Text>
        <Group gap="xs">
          {!told.code.startsWith("http_") && <Code>{told.code}</Code>}
          {told.requestId && <Code>{told.requestId}</Code>}
          {retry && (
            <Button size="compact-xs" variant="light" color="red" onClick={retry}>
              Try again
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
