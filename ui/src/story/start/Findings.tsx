import { Group, List, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Schema } from "@/api/client";
import { Ask } from "@/shared/Ask";
import { lasting } from "@/shared/times";
import { dollars } from "@/story/words";

type Looked = Schema<"PreflightReport">;
const SIGNS = {
  ok: { icon: IconCheck, color: "teal", says: "Fine" },
  warning: { icon: IconAlertTriangle, color: "orange", says: "Note" },
  error: { icon: IconX, color: "red", says: "In the way" },
} as const;

/** What was looked at before anything is begun, how to mend it, and what to expect. */
export function Findings({ query }: { query: UseQueryResult<Looked> }) {
  return (
    <Ask query={query} height={210}>
      {({ findings, estimate }) => (
        <Stack gap="sm" role="status" aria-busy={query.isFetching}>
          {estimate && <Expected estimate={estimate} />}
          <List spacing={6} size="sm" center={false} listStyleType="none">
            {findings.map(({ check, status, says, mend }) => {
              const { icon: Icon, color, says: sign } = SIGNS[status];
              return (
                <List.Item
                  key={check}
                  icon={
                    <ThemeIcon
                      size={20}
                      radius="xl"
                      color={color}
                      variant="light"
                      aria-label={sign}
                    >
                      <Icon size={14} aria-hidden />
                    </ThemeIcon>
                  }
                >
                  {says}
                  {mend && <Text size="sm" fw={600}>{`What helps: ${mend}`}</Text>}
                </List.Item>
              );
            })}
          </List>
        </Stack>
      )}
    </Ask>
  );
}

function Expected({ estimate }: { estimate: Schema<"Estimate"> }) {
  const { pictures, seconds, costUsd, basis } = estimate;
  return (
    <div>
      <Group gap="xl">
        <Fact name="Pictures" value={pictures === null ? "not known yet" : String(pictures)} />
        <Fact
          name="Takes about"
          value={seconds === null ? "not known yet" : lasting(seconds * 1000)}
        />
        <Fact name="Costs" value={dollars(costUsd)} />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {basis}
      </Text>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={650} size="lg">
        {value}
      </Text>
    </div>
  );
}
