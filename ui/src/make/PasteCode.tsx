import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { fileOf, nameFor } from "@/make/sources";
import { useFocusBack } from "@/shared/useFocusBack";

type Props = { text: string; busy: boolean; onClose: () => void; onMake: (file: File) => void };

/** Code without a file: written or pasted here, with a name that tells its language. */
export function PasteCode({ text: given, busy, onClose, onMake }: Props) {
  const [text, setText] = useState(given);
  const [name, setName] = useState("");
  useFocusBack();
  const guessed = nameFor(text);
  return (
    <Modal opened onClose={onClose} title="Paste code" size="xl">
      <Stack component="form" onSubmit={submit}>
        <Textarea
          label="Code"
          data-autofocus
          autosize
          minRows={10}
          maxRows={22}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          spellCheck={false}
        />
        <TextInput
          label="File name"
          description="Its ending tells the language"
          placeholder={guessed}
          maxLength={255}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={busy} disabled={!text.trim()}>
            Make the storyboard
          </Button>
        </Group>
      </Stack>
    </Modal>
  );

  function submit(event: React.SubmitEvent) {
    event.preventDefault();
    onMake(fileOf(text, name.trim() || guessed));
  }
}
