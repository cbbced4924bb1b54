import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useDrafts } from "@/story/drafts/Drafts";
import { ofStory } from "@/story/drafts/names";

type Props = {
  timestamp: number;
  /** The names of drafts that have a place in the story. */
  present: ReadonlySet<string>;
};

/** What somebody was typing about a beat or a look that somebody else has removed: to be copied, or not. */
export function LeftOver({ timestamp, present }: Props) {
  const [all, drop] = useDrafts();
  const left = [...all].filter(
    ([name, { typed }]) =>
      name.startsWith(ofStory(timestamp)) && !present.has(name) && Object.keys(typed).length,
  );
  return left.map(([name, { label, typed }]) => (
    <Alert key={name} color="amber" role="status" title={`${label} was removed elsewhere`}>
      <Stack gap="xs">
        <Text size="sm">This is what you were writing about it:</Text>
        {Object.entries(typed).map(([field, { mine }]) => (
          <Text key={field} size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            {mine}
          </Text>
        ))}
        <Group>
          <Button size="compact-sm" variant="light" onClick={() => drop(name)}>
            Throw it away
          </Button>
        </Group>
      </Stack>
    </Alert>
  ));
}
