import { Button, Group, Paper, Stack, Title } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";
import { Ask } from "@/shared/Ask";
import { FaultNote } from "@/shared/FaultNote";
import {
  type Choices,
  type Config,
  useDefaults,
  usePreflight,
  useStart,
  type Wish,
} from "@/story/data/start";
import { Chosen } from "@/story/start/Chosen";
import { Expected } from "@/story/start/Expected";
import { Findings } from "@/story/start/Findings";

type Props = { wish: Wish };

/** What is to be made, what is in the way of it, and the button that begins. */
export function StartPanel({ wish }: Props) {
  const defaults = useDefaults();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="start">
      <Title order={2} size="h3" id="start" mb="sm">
        The pictures
      </Title>
      <Ask query={defaults} height={360}>
        {(usual) => <Panel wish={wish} usual={usual} />}
      </Ask>
    </Paper>
  );
}

function Panel({ wish, usual }: Props & { usual: Config }) {
  const [changed, change] = useState<Partial<Choices>>({});
  const choices: Choices = { ...chosenOf(usual), ...changed };
  const preflight = usePreflight(wish, choices);
  const starting = useStart();
  const isReady = preflight.data?.ready !== false;
  const label = LABELS[choices.stopAfter];
  return (
    <Stack>
      <Group justify="space-between">
        <Ask query={preflight} height={52}>
          {({ estimate }) => estimate && <Expected estimate={estimate} />}
        </Ask>
        <Button
          size="md"
          leftSection={<IconPlayerPlayFilled size={16} aria-hidden />}
          onClick={() => starting.mutate({ wish, choices })}
          loading={starting.isPending}
          color={isReady ? "blue" : "orange"}
        >
          {isReady ? label : `${label} all the same`}
        </Button>
      </Group>
      {starting.error && <FaultNote error={starting.error} />}
      {preflight.data && <Findings report={preflight.data} />}
      <Chosen choices={choices} onChange={(more) => change((before) => ({ ...before, ...more }))} />
    </Stack>
  );
}

const LABELS: Record<Choices["stopAfter"], string> = {
  beats: "Find the beats",
  prompts: "Find the beats, write the prompts",
  images: "Make the pictures",
};

function chosenOf(usual: Config): Choices {
  const { aspects, imagesPerPrompt, style, backend, stopAfter, lastResort } = usual;
  return { aspects, imagesPerPrompt, style, backend, stopAfter, lastResort };
}
