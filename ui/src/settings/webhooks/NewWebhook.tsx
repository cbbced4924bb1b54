import { Checkbox, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Schema } from "@/api/client";
import { Fault } from "@/api/fault";
import { FormActions } from "@/settings/shared/FormActions";
import { OnceDialog } from "@/settings/shared/OnceDialog";
import { useAdding } from "@/settings/webhooks/data";
import { HookSecret } from "@/settings/webhooks/HookSecret";
import { TYPES, USUAL } from "@/settings/webhooks/types";

type Type = Schema<"EventType">;

/** First where and what, then the secret, this once. */
export function NewWebhook({ onClose }: { onClose: () => void }) {
  const adding = useAdding();
  const isMade = adding.data !== undefined;
  return (
    <OnceDialog title={isMade ? "Its secret" : "Add a webhook"} isOnce={isMade} onClose={onClose}>
      {adding.data ? (
        <HookSecret secret={adding.data.secret} onClose={onClose} />
      ) : (
        <Form adding={adding} onClose={onClose} />
      )}
    </OnceDialog>
  );
}

type FormProps = { adding: ReturnType<typeof useAdding>; onClose: () => void };

function Form({ adding, onClose }: FormProps) {
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [types, setTypes] = useState<Type[]>(USUAL);
  const faults = adding.error instanceof Fault ? adding.error.fields : {};
  return (
    <Stack component="form" onSubmit={add} aria-label="Add a webhook">
      <TextInput
        label="Address"
        description="Where messages are sent to; the public internet, unless whoever runs this server allows more"
        placeholder="https://example.com/hooks/storyloom"
        type="url"
        required
        data-autofocus
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={faults.url}
      />
      <TextInput
        label="What it is for"
        maxLength={200}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        error={faults.description}
      />
      <Checkbox.Group
        label="What is told"
        required
        value={types}
        onChange={(chosen) => setTypes(chosen as Type[])}
        error={faults.types}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt="xs">
          {Object.entries(TYPES).map(([type, label]) => (
            <Checkbox key={type} value={type} label={label} description={type} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <FormActions
        asking={adding}
        yes="Add it"
        isComplete={url.trim() !== "" && types.length > 0}
        onClose={onClose}
      />
    </Stack>
  );

  function add(event: React.SubmitEvent) {
    event.preventDefault();
    adding.mutate({ url: url.trim(), description: description.trim(), types });
  }
}
