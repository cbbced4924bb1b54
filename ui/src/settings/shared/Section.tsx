import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { title: string; lead: ReactNode; action?: ReactNode; children: ReactNode };

/** A part: what it is, what it is for, and what one does most. */
export function Section({ title, lead, action, children }: Props) {
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="start" gap="md">
        <div>
          <Title order={2} size="h3">
            {title}
          </Title>
          <Text c="dimmed" maw="44rem" component="div">
            {lead}
          </Text>
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  );
}
