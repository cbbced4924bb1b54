import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useRef } from "react";
import { useLocation } from "wouter";
import { PLACES } from "@/app/places";

/** Within this time after `g`, a letter is a place. */
const CHORD_MS = 1500;

/** `g` and a letter go to a view, `/` to the search of this one, and `?` tells of all. */
export function useShortcuts(help: () => void): void {
  const [, go] = useLocation();
  const begun = useRef(0);
  useHotkeys([
    ["g", () => (begun.current = Date.now()), { preventDefault: false }],
    ["shift+?", help],
    ["?", help], // where it is a key of its own
    ["/", () => document.querySelector<HTMLElement>("[data-search]")?.focus()],
    ...PLACES.map(({ key, path }): [string, () => void, { preventDefault: boolean }] => [
      key,
      () => {
        if (Date.now() - begun.current > CHORD_MS) return;
        begun.current = 0;
        go(path);
      },
      { preventDefault: false },
    ]),
  ]);
}

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts">
      <Stack gap="xs">
        {PLACES.map(({ key, label }) => (
          <Row key={key} keys={["g", key]} says={label} />
        ))}
        <Row keys={["/"]} says="Search in this view" />
        <Row keys={["?"]} says="These shortcuts" />
        <Row keys={["Esc"]} says="Close what is open" />
      </Stack>
    </Modal>
  );
}

function Row({ keys, says }: { keys: string[]; says: string }) {
  return (
    <Group justify="space-between">
      <Text size="sm">{says}</Text>
      <Group gap={4}>
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </Group>
    </Group>
  );
}
