import { Alert, Button, Group, Stack, Text } from "@mantine/core";

export type Change = { field: string; label: string; words: string };
type Props = { changes: Change[]; onTake: (field: string) => void };

/** Says that somebody else has written into fields in which one is typing, and what. */
export function Elsewhere({ changes, onTake }: Props) {
  return (
    <div role="status">
      {changes.length > 0 && (
        <Alert
          role="group"
          color="amber"
          p="xs"
          title="Changed elsewhere while you were writing"
          data-elsewhere
        >
          <Stack gap="xs">
            <Text size="sm">
              What you wrote is kept, and takes the place of this when you save it.
            </Text>
            {changes.map(({ field, label, words }) => (
              <Group key={field} gap="xs" justify="space-between" align="start">
                <Text size="sm" flex="1 1 16rem" style={{ overflowWrap: "anywhere" }} lineClamp={6}>
                  <strong>{label}:</strong> {words || "nothing any more"}
                </Text>
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={() => onTake(field)}
                  aria-label={`Take theirs: ${label}`}
                >
                  Take theirs
                </Button>
              </Group>
            ))}
          </Stack>
        </Alert>
      )}
    </div>
  );
}
