import { Button, Group, NumberInput, Stack, Textarea } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { FaultNote } from "@/shared/FaultNote";
import { type Run, type Shot, useShotCommand } from "@/story/data/runs";

const SEEDS = 2 ** 32 - 1;

/** Another picture of the same: with other words, another seed, or only another try. */
export function Again({ run, shot }: { run: Run; shot: Shot }) {
  const asking = useShotCommand(run.runId, shot.id);
  // Only what somebody has changed here is theirs; the rest follows what is kept.
  const [prompt, setPrompt] = useState<string>();
  const [negative, setNegative] = useState<string>();
  const [seed, setSeed] = useState<number | string>("");
  const kept = shot.prompt;
  const isChanged = prompt !== undefined || negative !== undefined;
  const ask = () =>
    asking.mutate(
      {
        does: "regenerate",
        seed: seed === "" ? null : Number(seed),
        ...(prompt === undefined ? {} : { prompt }),
        ...(negative === undefined ? {} : { negativePrompt: negative }),
      },
      {
        onSuccess: () => {
          setPrompt(undefined);
          setNegative(undefined);
        },
      },
    );
  return (
    <Stack gap="sm">
      <Textarea
        label="Prompt"
        autosize
        minRows={3}
        maxRows={10}
        value={prompt ?? kept?.prompt ?? ""}
        onChange={(event) => setPrompt(event.currentTarget.value)}
        placeholder="It is not written yet"
      />
      <Textarea
        label="Not in the picture"
        autosize
        minRows={1}
        maxRows={5}
        value={negative ?? kept?.negative_prompt ?? ""}
        onChange={(event) => setNegative(event.currentTarget.value)}
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
          disabled={!(prompt ?? kept?.prompt)?.trim()}
        >
          {isChanged ? "Make it with these words" : "Make another"}
        </Button>
      </Group>
      {asking.error && <FaultNote error={asking.error} />}
    </Stack>
  );
}
