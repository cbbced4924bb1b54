import { Group, Paper, Stack, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

type Props = {
  title: string;
  /** What can be done with all of it, beside the title. */
  actions?: ReactNode;
  children: ReactNode;
};

/** A part of a view, with its name. */
export function Card({ title, actions, children }: Props) {
  const id = useId();
  return (
    <Paper component="section" withBorder p="lg" aria-labelledby={id}>
      <Stack>
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {actions}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
