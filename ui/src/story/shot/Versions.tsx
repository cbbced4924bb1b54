import { Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { FaultNote } from "@/shared/FaultNote";
import { type Shot, useShotCommand } from "@/story/data/runs";
import classes from "@/story/shot/versions.module.css";

/** Every picture that was made here; one of them counts. */
export function Versions({ runId, shot }: { runId: string; shot: Shot }) {
  const choosing = useShotCommand(runId, shot.id);
  if (shot.versions.length < 2) return null;
  const [width, height] = shot.aspect === "cinematic" ? [140, 80] : [80, 140];
  return (
    <Stack gap="xs" component="section" aria-label="Versions">
      <Title order={3} size="h6">
        {shot.versions.length} versions
      </Title>
      <Group gap="xs">
        {shot.versions.map(({ number, seed }) => {
          const isChosen = number === shot.chosen;
          return (
            <UnstyledButton
              key={number}
              className={classes.version}
              aria-pressed={isChosen}
              onClick={() => choosing.mutate({ does: "restore", version: number })}
              disabled={choosing.isPending}
            >
              <img
                src={`/api/v1/automation/runs/${runId}/shots/${shot.id}/image?version=${number}&size=small`}
                alt=""
                width={width}
                height={height}
                style={{ width, height }}
              />
              <Text size="xs" component="span">
                {isChosen ? `Version ${number}, in use` : `Use version ${number}`}
                {seed !== null && seed !== undefined && ` · seed ${seed}`}
              </Text>
            </UnstyledButton>
          );
        })}
      </Group>
      {choosing.error && <FaultNote error={choosing.error} />}
    </Stack>
  );
}
