import { Stack, Textarea, TextInput } from "@mantine/core";
import type { Draft } from "@/settings/brands/draft";

type Props = {
  draft: Draft;
  keyShown: string;
  isNew: boolean;
  isTaken: boolean;
  faults: Readonly<Record<string, string>>;
  change: (more: Partial<Draft>) => void;
};

/** What the brand is called, by people and by requests. */
export function Names({ draft, keyShown, isNew, isTaken, faults, change }: Props) {
  return (
    <Stack gap="sm">
      <TextInput
        label="Whom it is for"
        description="How you find it in lists"
        placeholder="Solar installers"
        required
        maxLength={60}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={faults.name}
      />
      <TextInput
        label="Name for requests"
        description="What programs write in icp_preset; it stays as it is"
        placeholder="solar_installers"
        pattern="[a-z0-9_]+"
        title="Small letters, digits and _"
        maxLength={64}
        readOnly={!isNew}
        value={keyShown}
        onChange={(event) => change({ key: event.currentTarget.value })}
        error={isTaken ? "There is one of this name already; choose another" : faults.key}
      />
      <TextInput
        label="Name on the board"
        placeholder="Acorn Energy"
        required
        maxLength={60}
        value={draft.brand}
        onChange={(event) => change({ brand: event.currentTarget.value })}
        error={faults["brand.name"]}
      />
      <Textarea
        label="Description"
        maxLength={300}
        autosize
        minRows={1}
        value={draft.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
        error={faults.description}
      />
    </Stack>
  );
}
