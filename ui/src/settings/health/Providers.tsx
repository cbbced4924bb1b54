import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconBrain, IconPhoto } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Schema } from "@/api/client";
import classes from "@/settings/shared/list.module.css";

type Models = Schema<"ProviderModels">;

/** What the keys of providers can use. */
export function Providers({ models }: { models: readonly Models[] }) {
  return (
    <Stack component="section" gap="sm" aria-label="Providers of models">
      <Title order={3} size="h4">
        Providers of models
      </Title>
      {models.length ? (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {models.map(({ provider, understand, paint }) => (
            <Paper key={provider} withBorder p="md">
              <Stack gap="xs">
                <Text fw={600}>{provider}</Text>
                <Names
                  icon={<IconBrain size={16} aria-hidden />}
                  label="understand"
                  of={understand}
                />
                <Names icon={<IconPhoto size={16} aria-hidden />} label="paint" of={paint} />
              </Stack>
            </Paper>
          ))}
        </SimpleGrid>
      ) : (
        <Text size="sm" c="dimmed">
          None is set up. Storyboards and stories are made without: by rules, and with drawn frames.
        </Text>
      )}
    </Stack>
  );
}

function Names({ icon, label, of }: { icon: ReactNode; label: string; of: readonly string[] }) {
  if (!of.length) return null;
  return (
    <details>
      <summary>
        <Group component="span" gap={6} display="inline-flex">
          {icon} {of.length} that {label}
        </Group>
      </summary>
      <Text size="sm" c="dimmed" className={classes.any}>
        {of.join(", ")}
      </Text>
    </details>
  );
}
