import { Stack, Text, Timeline, Title } from "@mantine/core";
import type { Shot } from "@/story/data/runs";
import { REMEDY } from "@/story/words";

/** What was done to get this picture after all; softened words before and after. */
export function Steps({ steps }: { steps: Shot["steps"] }) {
  if (!steps.length) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Steps that were taken">
      <Title order={3} size="h6">
        Steps that were taken
      </Title>
      <Timeline bulletSize={14} lineWidth={2} active={steps.length}>
        {steps.map(({ remedy, why, backend, before, after, at }) => (
          <Timeline.Item key={`${at} ${remedy}`} title={REMEDY[remedy]}>
            <Text size="sm" c="dimmed">
              {why}
              {backend && ` (${backend})`}
            </Text>
            {before && (
              <Text size="sm">
                <strong>Before:</strong> {before}
              </Text>
            )}
            {after && (
              <Text size="sm">
                <strong>After:</strong> {after}
              </Text>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
    </Stack>
  );
}
