import { Group, Text } from "@mantine/core";
import type { Schema } from "@/api/client";
import { lasting } from "@/shared/times";
import { dollars } from "@/story/words";

/** How many pictures, how long, how much; and on what that is based. */
export function Expected({ estimate }: { estimate: Schema<"Estimate"> }) {
  const { pictures, seconds, costUsd, basis } = estimate;
  const unknown = "not known yet";
  return (
    <div>
      <Group gap="xl">
        <Fact name="Pictures" value={pictures === null ? unknown : String(pictures)} />
        <Fact name="Takes about" value={seconds === null ? unknown : lasting(seconds * 1000)} />
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
