import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";

export type Change = { field: string; label: string; words: string };
type Props = { changes: Change[]; onTake: (field: string) => void };

/**
 * Says that somebody else has written into fields in which one is typing, and what. It stands before the fields:
 * below them it may be out of sight.
 */
export function Elsewhere({ changes, onTake }: Props) {
  const place = useInSight(JSON.stringify(changes));
  return (
    <div
      ref={place}
      role="status"
      // While it says nothing it takes no room.
      style={changes.length ? BELOW_HEADER : { marginBottom: "calc(-1 * var(--stack-gap))" }}
    >
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

const BELOW_HEADER = { scrollMarginBlock: "5rem 1rem" };

/** Shows what it says anew to whoever types in the same form, and moves the page for nobody else. */
function useInSight(says: string) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what it says anew that is shown
  useEffect(() => {
    const here = place.current;
    if (here?.hasChildNodes() && here.parentElement?.contains(document.activeElement))
      here.scrollIntoView({ block: "nearest" });
  }, [says]);
  return place;
}
