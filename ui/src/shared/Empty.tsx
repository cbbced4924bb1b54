import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { title: string; icon?: ReactNode; children?: ReactNode };

/** Where there is nothing yet: what would be here, and how it comes. */
export function Empty({ title, icon, children }: Props) {
  return (
    <Stack align="center" gap="xs" py="md" px="md" ta="center" data-empty>
      {icon}
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed" size="sm" maw="32rem" component="div">
        {children}
      </Text>
    </Stack>
  );
}
