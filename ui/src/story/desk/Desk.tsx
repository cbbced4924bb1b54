import { Grid, Stack, Text, Title } from "@mantine/core";
import { Recent } from "@/story/desk/Recent";
import { Writing } from "@/story/desk/Writing";

/** Where a story begins, and where the earlier ones lie. */
export function Desk() {
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Story</Title>
        <Text c="dimmed" maw="44rem">
          Give it a script. It finds the beats, writes a prompt for each, and makes the pictures,
          also while you sleep.
        </Text>
      </div>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Writing />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Recent />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
