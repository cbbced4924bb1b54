import { Badge, Code, Group, type MantineColor, Paper, Stack, Text, Title } from "@mantine/core";
import type { Schema } from "@/api/client";
import classes from "@/settings/shared/list.module.css";
import { Plain } from "@/settings/shared/Plain";

type Row = Schema<"DoctorRow">;
type State = Row["state"];

/** What does not work comes first. */
const GROUPS: { state: State; title: string; color: MantineColor; word: string }[] = [
  { state: "fail", title: "Does not work", color: "red", word: "broken" },
  { state: "warn", title: "Somebody ought to know", color: "amber", word: "look" },
  { state: "ok", title: "Works", color: "teal", word: "well" },
  { state: "off", title: "Not set up, and not needed", color: "gray", word: "off" },
];

/** Each part with its state and its remedy. */
export function Found({ rows }: { rows: readonly Row[] }) {
  return GROUPS.map(({ state, title, color, word }) => {
    const found = rows.filter((row) => row.state === state);
    if (!found.length) return null;
    return (
      <Stack key={state} component="section" gap="sm" aria-label={title} data-state={state}>
        <Title order={3} size="h4">
          {title}
        </Title>
        <Paper component="ul" withBorder className={`${classes.list} ${classes.columns}`} p="md">
          {found.map((row) => (
            <li key={`${row.part} ${row.chosen} ${row.says}`}>
              <Group gap="sm" wrap="nowrap" align="start">
                <Badge variant="light" color={color} tt="none" flex="none" miw={64}>
                  {word}
                </Badge>
                <div className={classes.any} style={{ minWidth: 0 }}>
                  <Group gap="xs">
                    <Text fw={600}>{row.part}</Text>
                    {row.chosen && <Code>{row.chosen}</Code>}
                  </Group>
                  {row.says && (
                    <Text size="sm">
                      <Plain text={row.says} />
                    </Text>
                  )}
                  {row.remedy && (
                    <Text size="sm" c="dimmed">
                      What to do: <Plain text={row.remedy} />
                    </Text>
                  )}
                </div>
              </Group>
            </li>
          ))}
        </Paper>
      </Stack>
    );
  });
}
