import { Anchor, Group, List, Stack, Text, Title } from "@mantine/core";
import type { Schema } from "@/api/client";
import { plain } from "@/shared/plain";
import { lasting } from "@/shared/times";

type Props = { shots: Schema<"ShotSummary"> };
const COUNTED = ["done", "making", "ready", "waiting", "degraded", "failed", "cancelled"] as const;

/** The pictures of a story in figures: what took longest, and what could not be made. */
export function Shots({ shots }: Props) {
  return (
    <Stack gap="xs" mt="lg">
      <Title order={3} size="h5">
        {shots.total === 1 ? "1 picture" : `${shots.total} pictures`}
      </Title>
      <Group gap="lg">
        {COUNTED.filter((name) => shots[name] > 0).map((name) => (
          <Text size="sm" key={name}>
            <b>{shots[name]}</b> {name}
          </Text>
        ))}
      </Group>
      {shots.faults.length > 0 && (
        <List size="sm">
          {shots.faults.map(({ id, caption, error }) => (
            <List.Item key={id}>
              {plain(caption)}:{" "}
              <Text span c="var(--mantine-color-error)" inherit>
                {error.message}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {shots.slowest.length > 0 && (
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            What took longest
          </Text>
          <List size="sm">
            {shots.slowest.map(({ id, caption, duration_ms, url, model }) => (
              <List.Item key={id}>
                <Anchor href={url} target="_blank" rel="noreferrer" inherit>
                  {plain(caption) || "A picture"}
                </Anchor>
                {`: ${lasting(duration_ms)}${model && ` by ${model}`}`}
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </Stack>
  );
}
