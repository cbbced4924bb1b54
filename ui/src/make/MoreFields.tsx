import { Checkbox, NativeSelect, Stack, TextInput } from "@mantine/core";
import { labelsOf, type Priority, RENDERS, type Render, type Wish } from "@/make/choices";

type Props = {
  wish: Wish;
  onChange: (changed: Partial<Wish>) => void;
  faults: Readonly<Record<string, string>>;
};

const PRIORITIES: readonly Priority[] = ["high", "normal", "low"];

/** What most people leave as it is. */
export function MoreFields({ wish, onChange, faults }: Props) {
  return (
    <Stack gap="sm" pt="xs">
      <NativeSelect
        label="How the page is made"
        data={[...RENDERS]}
        value={wish.render}
        onChange={(event) => onChange({ render: event.currentTarget.value as Render })}
        error={faults["input.render"]}
      />
      <TextInput
        label="Language model"
        description="One of those that this server allows; empty: the usual one"
        value={wish.model}
        onChange={(event) => onChange({ model: event.currentTarget.value })}
        error={faults["input.model"]}
      />
      <NativeSelect
        label="Who goes first where many wait"
        data={[...PRIORITIES]}
        value={wish.priority}
        onChange={(event) => onChange({ priority: event.currentTarget.value as Priority })}
      />
      <TextInput
        label="Labels"
        description="To find it by, such as team=web, quarter=q3"
        value={wish.labels}
        onChange={(event) => onChange({ labels: event.currentTarget.value })}
        error={
          labelsOf(wish.labels) ? faults.labels : "Write them as name=value, with commas between"
        }
      />
      <Checkbox
        label="Ask the models anew"
        description="Also where they have answered the same before"
        checked={wish.fresh}
        onChange={(event) => onChange({ fresh: event.currentTarget.checked })}
      />
      <Checkbox
        label="Keep names, dates and prices of a screenshot out of the result"
        checked={wish.sanitize_ip}
        onChange={(event) => onChange({ sanitize_ip: event.currentTarget.checked })}
      />
    </Stack>
  );
}
