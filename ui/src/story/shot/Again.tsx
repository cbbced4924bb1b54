import { Button, Group, NumberInput, Stack, Textarea } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { FaultNote } from "@/shared/FaultNote";
import { type Run, type Shot, useShotCommand } from "@/story/data/runs";
import {
  changedElsewhere,
  type Draft,
  isEmpty,
  shown,
  withoutSent,
  withoutTyped,
  withTyped,
} from "@/story/drafts/draft";
import { Elsewhere } from "@/story/drafts/Elsewhere";

const SEEDS = 2 ** 32 - 1;
const LABELS = { prompt: "Prompt", negative: "Not in the picture" };
const NOTHING: Draft = { label: "", typed: {} };

/** Another picture of the same: with other words, another seed, or only another try. */
export function Again({ run, shot }: { run: Run; shot: Shot }) {
  const asking = useShotCommand(run.runId, shot.id);
  // Only what somebody has changed here is theirs; the rest follows what is kept.
  const [draft, setDraft] = useState<Draft>(NOTHING);
  const [seed, setSeed] = useState<number | string>("");
  const kept = {
    prompt: shot.prompt?.prompt ?? "",
    negative: shot.prompt?.negative_prompt ?? "",
  };
  const { prompt, negative } = shown(draft, kept);
  const isChanged = !isEmpty(draft);
  const type = (field: keyof typeof kept, words: string) =>
    setDraft((before) => withTyped(before, field, words, kept[field], asking.isPending));
  const ask = () =>
    asking.mutate(
      {
        does: "regenerate",
        seed: seed === "" ? null : Number(seed),
        ...(draft.typed.prompt ? { prompt } : {}),
        ...(draft.typed.negative ? { negativePrompt: negative } : {}),
      },
      { onSuccess: () => setDraft((now) => withoutSent(now, draft)) },
    );
  const changed = asking.isPending ? [] : changedElsewhere(draft, kept);
  return (
    <Stack gap="sm">
      <Elsewhere
        changes={changed.map((field) => ({
          field,
          label: LABELS[field as keyof typeof LABELS],
          words: kept[field as keyof typeof kept],
        }))}
        onTake={(field) => setDraft((before) => withoutTyped(before, field))}
      />
      <Textarea
        label={LABELS.prompt}
        autosize
        minRows={3}
        maxRows={10}
        value={prompt}
        onChange={(event) => type("prompt", event.currentTarget.value)}
        placeholder="It is not written yet"
      />
      <Textarea
        label={LABELS.negative}
        autosize
        minRows={1}
        maxRows={5}
        value={negative}
        onChange={(event) => type("negative", event.currentTarget.value)}
      />
      <Group align="end">
        <NumberInput
          label="Seed"
          description="The same seed gives the same picture"
          placeholder="any"
          min={0}
          max={SEEDS}
          allowDecimal={false}
          hideControls
          value={seed}
          onChange={setSeed}
          flex={1}
        />
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={ask}
          loading={asking.isPending}
          disabled={!prompt.trim()}
        >
          {isChanged ? "Make it with these words" : "Make another"}
        </Button>
      </Group>
      {asking.error && <FaultNote error={asking.error} />}
    </Stack>
  );
}
