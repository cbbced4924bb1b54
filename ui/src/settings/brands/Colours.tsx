import {
  Button,
  ColorInput,
  ColorSwatch,
  Group,
  SimpleGrid,
  Stack,
  Text,
  VisuallyHidden,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconContrast } from "@tabler/icons-react";
import { useRef } from "react";
import type { Draft } from "@/settings/brands/draft";
import type { Warning } from "@/settings/brands/useSample";

type Props = {
  draft: Draft;
  warnings: readonly Warning[];
  faults: Readonly<Record<string, string>>;
  change: (more: Partial<Draft>) => void;
};
const FIELDS = [
  { name: "primary", label: "Main colour", description: "The ground of the board's head" },
  { name: "accent", label: "Accent", description: "What stands out" },
] as const;
/** A reader is told what came of it, and not of every shade on the way. */
const TOLD_AFTER_MS = 1000;

/** The two colours, and what of them could not be read, as long as they are looked for. */
export function Colours({ draft, warnings, faults, change }: Props) {
  const inputs = useRef<Partial<Record<string, HTMLInputElement | null>>>({});
  const [told] = useDebouncedValue(summary(warnings), TOLD_AFTER_MS);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {FIELDS.map(({ name, label, description }) => {
        const path = `brand.palette.${name}`;
        const own = warnings.filter(({ field }) => field === path);
        return (
          <Stack key={name} gap={6}>
            <ColorInput
              ref={(input) => {
                inputs.current[name] = input;
              }}
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
            {own.map(({ says }) => (
              <Group key={says} gap={6} wrap="nowrap" align="start" data-warning={name}>
                <IconContrast size={16} aria-hidden style={{ flex: "none", marginTop: 2 }} />
                <Text size="sm" c="dimmed">
                  {says}
                </Text>
              </Group>
            ))}
            {own[0]?.suggestion && (
              <Suggestion
                colour={own[0].suggestion}
                label={label}
                take={(colour) => {
                  change({ [name]: colour });
                  // The button goes with the warning, and the focus must not.
                  inputs.current[name]?.focus({ preventScroll: true });
                }}
              />
            )}
          </Stack>
        );
      })}
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </SimpleGrid>
  );
}

type SuggestionProps = { colour: string; label: string; take: (colour: string) => void };

function Suggestion({ colour, label, take }: SuggestionProps) {
  return (
    <Button
      variant="default"
      size="compact-sm"
      w="fit-content"
      leftSection={<ColorSwatch color={colour} size={14} aria-hidden />}
      onClick={() => take(colour)}
      aria-label={`Take ${colour}, which can be read: ${label}`}
    >
      Take {colour}
    </Button>
  );
}

function summary(warnings: readonly Warning[]): string {
  const fields = new Set(warnings.map(({ field }) => field));
  const named = FIELDS.filter(({ name }) => fields.has(`brand.palette.${name}`));
  if (!named.length) return "Both colours can be read.";
  return `Drawn otherwise, so that it can be read: ${named.map(({ label }) => label).join(", ")}.`;
}
