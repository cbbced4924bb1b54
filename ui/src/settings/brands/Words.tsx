import { Fieldset, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { type Draft, WORDS } from "@/settings/brands/draft";

type Props = {
  draft: Draft;
  faults: Readonly<Record<string, string>>;
  change: (more: Partial<Draft>) => void;
};

/** How people of the trade say it. */
export function Words({ draft, faults, change }: Props) {
  return (
    <Fieldset legend="The trade's words">
      <Text size="sm" c="dimmed" mb="sm">
        The board speaks as its readers do. What you leave empty is said neutrally.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {WORDS.map(({ slot, label, example }) => (
          <TextInput
            key={slot}
            label={label}
            placeholder={example}
            maxLength={60}
            value={draft.words[slot] ?? ""}
            onChange={(event) =>
              change({ words: { ...draft.words, [slot]: event.currentTarget.value } })
            }
            error={faults[`words.${slot}`]}
          />
        ))}
      </SimpleGrid>
      <Textarea
        mt="sm"
        label="How illustrations look"
        description="For image models, where one is set up"
        maxLength={500}
        autosize
        minRows={1}
        value={draft.artStyle}
        onChange={(event) => change({ artStyle: event.currentTarget.value })}
        error={faults.art_style}
      />
    </Fieldset>
  );
}
