import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Fault, OFFLINE } from "@/api/fault";
import { connectionNow, watch } from "@/live/bus";

type Props = {
  error: unknown;
  /** Asks again, where that may help. */
  retry?: () => void;
};

/** What went wrong, what it is called, and what to do. */
export function FaultNote({ error, retry }: Props) {
  const told = error instanceof Fault ? error : new Fault(String(error), "page", 0);
  const isOver = useIsOver(told);
  if (isOver)
    return (
      <Text size="sm" c="dimmed" role="status">
        The server answers again. What you did meanwhile is to be done once more.
      </Text>
    );
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

/** Whether no server answered, and one has since. */
function useIsOver(told: Fault): boolean {
  const [over, setOver] = useState<Fault | null>(null);
  useEffect(() => {
    if (told.code !== OFFLINE) return;
    return watch(() => {
      if (connectionNow() === "live") setOver(told);
    });
  }, [told]);
  return over === told;
}
