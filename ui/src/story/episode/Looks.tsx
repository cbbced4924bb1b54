import {
  Badge,
  Button,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  Title,
} from "@mantine/core";
import { FaultNote } from "@/shared/FaultNote";
import type { Entry } from "@/story/data/episode";
import { useSaving } from "@/story/data/saving";
import { useDraft } from "@/story/drafts/Drafts";
import { changedElsewhere, isEmpty, shown, withTyped } from "@/story/drafts/draft";
import { Elsewhere } from "@/story/drafts/Elsewhere";
import { nameOfLook } from "@/story/drafts/names";

type Props = { timestamp: number; bible: Entry[]; mayEdit: boolean };
const GROUPS = { characters: "Characters", places: "Places", props: "Things" } as const;

/** How everybody and everything looks: the same words in each picture, so that no face drifts. */
export function Looks({ timestamp, bible, mayEdit }: Props) {
  const groups = Object.entries(GROUPS)
    .map(([kind, title]) => ({ title, entries: bible.filter((one) => one.kind === kind) }))
    .filter(({ entries }) => entries.length);
  if (!groups.length) return null;
  return (
    <section aria-labelledby="looks">
      <Title order={2} size="h3" id="looks">
        Who and what is in it
      </Title>
      <Text size="sm" c="dimmed">
        These words go into every prompt as they are, so that each looks the same in all pictures.
      </Text>
      {groups.map(({ title, entries }) => (
        <Stack key={title} gap="xs" mt="sm">
          <Title order={3} size="h5">
            {title}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
            {entries.map((entry) => (
              <Look key={entry.id} timestamp={timestamp} entry={entry} mayEdit={mayEdit} />
            ))}
          </SimpleGrid>
        </Stack>
      ))}
    </section>
  );
}

type LookProps = { timestamp: number; entry: Entry; mayEdit: boolean };

function Look({ timestamp, entry, mayEdit }: LookProps) {
  const [draft, setDraft] = useDraft(nameOfLook(timestamp, entry));
  const kept = { look: entry.look };
  const { look } = shown(draft, kept);
  const saving = useSaving(timestamp, setDraft);
  const isChanged = look.trim() !== entry.look;
  const type = (words: string) => {
    const before = draft ?? { label: entry.name, typed: {} };
    const next = withTyped(before, "look", words, entry.look, saving.isPending);
    setDraft(isEmpty(next) ? undefined : next);
    return next;
  };
  const save = () => {
    const words = look.trim();
    saving.mutate({ what: "look", entry, look: words, sent: type(words) });
  };
  const changed = saving.isPending ? [] : changedElsewhere(draft, kept);
  return (
    <Paper withBorder p="sm">
      <Stack gap="xs">
        <Elsewhere
          changes={changed.map((field) => ({ field, label: entry.name, words: entry.look }))}
          onTake={() => setDraft(undefined)}
        />
        <Textarea
          label={entry.name}
          aria-label={`How ${entry.name} looks`}
          autosize
          minRows={1}
          value={look}
          readOnly={!mayEdit}
          placeholder="Nothing is said of how it looks"
          onChange={(event) => type(event.currentTarget.value)}
          styles={{ label: { overflowWrap: "anywhere" } }}
        />
        {entry.states.length > 0 && (
          <Group gap={4}>
            <Text size="xs" c="dimmed">
              at times
            </Text>
            {entry.states.map((state) => (
              <Badge key={state} size="sm" variant="light" color="gray" tt="none">
                {state}
              </Badge>
            ))}
          </Group>
        )}
        {isChanged && (
          <Group gap="xs">
            <Button size="compact-sm" loading={saving.isPending} onClick={save}>
              Save the look
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => setDraft(undefined)}>
              Back
            </Button>
          </Group>
        )}
        {saving.error && <FaultNote error={saving.error} />}
      </Stack>
    </Paper>
  );
}
