import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { FaultNote } from "@/shared/FaultNote";
import type { Beat } from "@/story/data/episode";
import { useSaving } from "@/story/data/saving";
import type { Change } from "@/story/drafts/Drafts";
import { changedElsewhere, type Draft, shown, withoutTyped, withTyped } from "@/story/drafts/draft";
import { Elsewhere } from "@/story/drafts/Elsewhere";
import { editOf, fieldsOf, LABELS, PROMPTS, told } from "@/story/episode/fields";

type Props = {
  timestamp: number;
  beat: Beat;
  isGoing: boolean;
  isElsewhere: boolean;
  draft: Draft;
  /** Nothing: it is done. */
  onDraft: Change;
};

/** What is to be seen in a beat, whether it gets a picture, and its prompts word for word. */
export function BeatForm({ timestamp, beat, isGoing, isElsewhere, draft, onDraft }: Props) {
  const kept = fieldsOf(beat);
  const edit = shown(draft, kept);
  const saving = useSaving(timestamp, onDraft);
  const change = (field: keyof typeof kept, words: string) =>
    onDraft(withTyped(draft, field, words, kept[field], saving.isPending));
  const isTold = edit.action !== kept.action || edit.camera !== kept.camera;
  const save = (event: React.SubmitEvent) => {
    event.preventDefault();
    const [before, after] = [editOf(beat, kept), editOf(beat, edit)];
    const { id } = beat;
    saving.mutate({ what: "beat", id, before, after, keepsPrompts: isGoing, sent: draft });
  };
  // What is being saved comes back from elsewhere too.
  const changed = saving.isPending ? [] : changedElsewhere(draft, kept);
  return (
    <Stack component="form" gap="sm" onSubmit={save} aria-label={`Beat ${beat.place}`}>
      <Elsewhere
        changes={changed.map((field) => told(field, kept))}
        onTake={(field) => onDraft(withoutTyped(draft, field))}
      />
      <Textarea
        label={LABELS.action}
        autosize
        minRows={2}
        data-autofocus
        value={edit.action}
        onChange={(event) => change("action", event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={LABELS.decision}
          data={[
            { value: "NEW_IMAGE", label: "New picture" },
            { value: "REUSE_IMAGE", label: "Same picture again" },
            { value: "NO_IMAGE", label: "No picture" },
          ]}
          allowDeselect={false}
          value={edit.decision}
          onChange={(decision) => decision && change("decision", decision)}
        />
        {edit.decision === "REUSE_IMAGE" ? (
          <TextInput
            label={LABELS.reuseOf}
            description="Its name, such as s1-b2"
            value={edit.reuseOf}
            onChange={(event) => change("reuseOf", event.currentTarget.value)}
            required
          />
        ) : (
          <TextInput
            label={LABELS.camera}
            value={edit.camera}
            onChange={(event) => change("camera", event.currentTarget.value)}
          />
        )}
      </SimpleGrid>
      {edit.decision === "NEW_IMAGE" &&
        (Object.keys(PROMPTS) as (keyof typeof PROMPTS)[]).map((kind) => (
          <Textarea
            key={kind}
            label={LABELS[kind]}
            description={
              isTold && edit[kind] && edit[kind] === kept[kind]
                ? becomes(beat.given.includes(kind), isElsewhere && isGoing)
                : undefined
            }
            placeholder="It is written by the run"
            autosize
            minRows={2}
            maxRows={8}
            value={edit[kind]}
            onChange={(event) => change(kind, event.currentTarget.value)}
          />
        ))}
      {saving.error && <FaultNote error={saving.error} />}
      <Group gap="xs">
        <Button type="submit" size="sm" loading={saving.isPending}>
          Save
        </Button>
        <Button size="sm" variant="subtle" onClick={() => onDraft(undefined)}>
          Leave it as it was
        </Button>
      </Group>
    </Stack>
  );
}

/** What becomes of a prompt whose beat has changed. */
function becomes(isGiven: boolean, isHeldUp: boolean): string {
  if (isHeldUp) return "The run that goes on keeps these words: change them too";
  if (isGiven) return "Somebody has given these words, so they stay: change them too";
  return "It is written anew before the next picture, because the beat has changed";
}
