import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { FaultNote } from "@/shared/FaultNote";
import type { BeatEdit } from "@/story/data/edits";
import type { Beat } from "@/story/data/episode";
import { useSaving } from "@/story/data/saving";

type Props = { timestamp: number; beat: Beat; isGoing: boolean; onDone: () => void };
const KINDS = { cinematic: "Prompt, wide", vertical: "Prompt, tall" } as const;

/** What is to be seen in a beat, whether it gets a picture, and its prompts word for word. */
export function BeatForm({ timestamp, beat, isGoing, onDone }: Props) {
  const [before] = useState<BeatEdit>(() => editOf(beat));
  const [edit, setEdit] = useState(before);
  const saving = useSaving(timestamp);
  const change = (more: Partial<BeatEdit>) => setEdit((was) => ({ ...was, ...more }));
  const isTold = edit.action !== before.action || edit.camera !== before.camera;
  const save = (event: React.SubmitEvent) => {
    event.preventDefault();
    const change = {
      what: "beat",
      id: beat.id,
      before,
      after: edit,
      keepsPrompts: isGoing,
    } as const;
    saving.mutate(change, { onSuccess: onDone });
  };
  return (
    <Stack component="form" gap="sm" onSubmit={save} aria-label={`Beat ${beat.place}`}>
      <Textarea
        label="What is to be seen"
        autosize
        minRows={2}
        data-autofocus
        value={edit.action}
        onChange={(event) => change({ action: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Picture"
          data={[
            { value: "NEW_IMAGE", label: "New picture" },
            { value: "REUSE_IMAGE", label: "Same picture again" },
            { value: "NO_IMAGE", label: "No picture" },
          ]}
          allowDeselect={false}
          value={edit.decision}
          onChange={(decision) => decision && change({ decision })}
        />
        {edit.decision === "REUSE_IMAGE" ? (
          <TextInput
            label="Of which beat"
            description="Its name, such as s1-b2"
            value={edit.reuseOf}
            onChange={(event) => change({ reuseOf: event.currentTarget.value })}
            required
          />
        ) : (
          <TextInput
            label="Camera"
            value={edit.camera}
            onChange={(event) => change({ camera: event.currentTarget.value })}
          />
        )}
      </SimpleGrid>
      {edit.decision === "NEW_IMAGE" &&
        Object.entries(KINDS).map(([kind, label]) => (
          <Textarea
            key={kind}
            label={label}
            description={
              isTold && edit.prompts[kind] === before.prompts[kind]
                ? isGoing
                  ? "The run that goes on keeps these words: change them too"
                  : "It is written anew by the next run, because the beat has changed"
                : undefined
            }
            placeholder="It is written by the run"
            autosize
            minRows={2}
            maxRows={8}
            value={edit.prompts[kind] ?? ""}
            onChange={(event) =>
              change({ prompts: { ...edit.prompts, [kind]: event.currentTarget.value } })
            }
          />
        ))}
      {saving.error && <FaultNote error={saving.error} />}
      <Group gap="xs">
        <Button type="submit" size="sm" loading={saving.isPending}>
          Save
        </Button>
        <Button size="sm" variant="subtle" onClick={onDone}>
          Leave it as it was
        </Button>
      </Group>
    </Stack>
  );
}

function editOf({ action, camera, decision, reuseOf, prompts }: Beat): BeatEdit {
  return { action, camera, decision, reuseOf, prompts };
}
