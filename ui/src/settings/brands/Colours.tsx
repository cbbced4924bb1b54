import { ColorInput, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconContrast } from "@tabler/icons-react";
import type { Profile } from "@/settings/brands/data";
import type { Draft } from "@/settings/brands/draft";

type Props = {
  draft: Draft;
  kept: Profile | undefined;
  faults: Readonly<Record<string, string>>;
  change: (more: Partial<Draft>) => void;
};
const FIELDS = [
  { name: "primary", label: "Main colour", description: "The ground of the board's head" },
  { name: "accent", label: "Accent", description: "What stands out" },
] as const;

/** The two colours, and what of them could not be read. */
export function Colours({ draft, kept, faults, change }: Props) {
  const palette = kept?.brand.palette;
  // What was told of other colours says nothing of these.
  const isKept = palette?.primary === draft.primary && palette.accent === draft.accent;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {FIELDS.map(({ name, label, description }) => {
        const path = `brand.palette.${name}`;
        return (
          <Stack key={name} gap={6}>
            <ColorInput
              label={label}
              description={description}
              format="hex"
              required
              value={draft[name]}
              onChange={(value) => change({ [name]: value })}
              error={faults[path]}
              popoverProps={{ withinPortal: false }}
              eyeDropperButtonProps={{ "aria-label": "Take a colour from the screen" }}
            />
            {isKept &&
              kept?.warnings
                .filter(({ field }) => field === path)
                .map(({ says }) => (
                  <Group key={says} gap={6} wrap="nowrap" align="start" data-warning={name}>
                    <IconContrast size={16} aria-hidden style={{ flex: "none", marginTop: 2 }} />
                    <Text size="sm" c="dimmed">
                      {says}
                    </Text>
                  </Group>
                ))}
          </Stack>
        );
      })}
    </SimpleGrid>
  );
}
