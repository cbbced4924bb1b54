import { ActionIcon, Grid, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { Empty } from "@/shared/Empty";
import { useFocusBack } from "@/shared/useFocusBack";
import { runAt, shotAt } from "@/story/addresses";
import type { Run } from "@/story/data/runs";
import { Again } from "@/story/shot/Again";
import { Facts } from "@/story/shot/Facts";
import { Large } from "@/story/shot/Large";
import { Older } from "@/story/shot/Older";
import { Steps } from "@/story/shot/Steps";
import { Versions } from "@/story/shot/Versions";

type Props = { run: Run; shotId: string };

/** One picture, large, with all that is known of it and can be asked; arrows go to the next. */
export function ShotDialog({ run, shotId }: Props) {
  const [, go] = useLocation();
  useFocusBack();
  const at = run.shots.findIndex(({ id }) => id === shotId);
  const shot = run.shots[at];
  const step = (by: number) => {
    const other = run.shots[at + by];
    if (other) go(shotAt(run.runId, other.id), { replace: true });
  };
  useHotkeys([
    ["ArrowLeft", () => step(-1)],
    ["ArrowRight", () => step(1)],
  ]);
  return (
    <Modal.Root opened onClose={() => go(runAt(run.runId))} size="min(84rem, 100%)" padding="lg">
      <Modal.Overlay />
      <Modal.Content>
        {/* A header in a dialog is none of the page. */}
        <Modal.Header role="none">
          <Modal.Title>{`Picture ${at + 1} of ${run.shots.length}`}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          {shot ? (
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Stack>
                  <Large runId={run.runId} shot={shot} />
                  <Group justify="space-between" wrap="nowrap">
                    <Step by={-1} label="The picture before" disabled={at === 0} onStep={step} />
                    <Text size="sm" c="dimmed" visibleFrom="sm">
                      The arrow keys go from picture to picture.
                    </Text>
                    <Step
                      by={1}
                      label="The next picture"
                      disabled={at === run.shots.length - 1}
                      onStep={step}
                    />
                  </Group>
                  <Versions key={shot.id} runId={run.runId} shot={shot} />
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 5 }}>
                <Stack>
                  <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
                    {shot.caption || shot.beatId}
                  </Title>
                  <Older run={run} shot={shot} />
                  <Again key={shot.id} run={run} shot={shot} />
                  <Steps steps={shot.steps} />
                  <Facts shot={shot} />
                </Stack>
              </Grid.Col>
            </Grid>
          ) : (
            <Empty title="This run has no such picture" />
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

type StepProps = { by: number; label: string; disabled: boolean; onStep: (by: number) => void };

function Step({ by, label, disabled, onStep }: StepProps) {
  const Icon = by < 0 ? IconChevronLeft : IconChevronRight;
  return (
    <ActionIcon
      variant="light"
      size="lg"
      aria-label={label}
      disabled={disabled}
      onClick={() => onStep(by)}
    >
      <Icon size={20} aria-hidden />
    </ActionIcon>
  );
}
