import {
  Accordion,
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useState } from "react";
import type { Schema } from "@/api/client";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";
import { useExporting, useExports } from "@/story/data/exports";
import type { Run } from "@/story/data/runs";
import { KINDS } from "@/story/export/kinds";
import { Made } from "@/story/export/Made";

type Order = Schema<"ExportOrder">;

/** Choose what the story is handed over as; see it being made; take it. */
export function ExportView({ run }: { run: Run }) {
  const exports = useExports(run.runId);
  const exporting = useExporting(run.runId);
  const [order, setOrder] = useState<Required<Order>>(USUAL);
  const change = (more: Partial<Order>) => setOrder((before) => ({ ...before, ...more }));
  const unsupported: Partial<Record<string, string>> = exports.data?.unsupported ?? {};
  const made = run.counts.done + run.counts.degraded;
  if (!made)
    return <Empty title="Nothing to hand over yet">It can be as soon as a picture is made.</Empty>;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Stack>
        <Title order={2} size="h3">
          Hand it over as
        </Title>
        <Checkbox.Group
          aria-label="Formats"
          value={[...order.formats]}
          onChange={(formats) => change({ formats: formats as Order["formats"] })}
        >
          <Stack gap="sm">
            {KINDS.map(({ kind, name, says }) => (
              <Checkbox
                key={kind}
                value={kind}
                label={name}
                description={unsupported[kind] ?? says}
                disabled={kind in unsupported}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Accordion variant="separated" order={3}>
          <Accordion.Item value="more">
            <Accordion.Control>Layout and film</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <Select
                  label="Contact sheet"
                  data={LAYOUTS}
                  allowDeselect={false}
                  value={order.layout}
                  onChange={(layout) => layout && change({ layout: layout as Order["layout"] })}
                />
                <Group grow>
                  <NumberInput
                    label="Frames per second"
                    min={1}
                    max={60}
                    allowDecimal={false}
                    clampBehavior="strict"
                    value={order.framesPerSecond}
                    onChange={(n) => n && change({ framesPerSecond: Number(n) })}
                  />
                  <NumberInput
                    label="Film height in pixels"
                    min={240}
                    max={2160}
                    allowDecimal={false}
                    value={order.filmHeight}
                    onChange={(n) => n && change({ filmHeight: Number(n) })}
                  />
                </Group>
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {exporting.error && <FaultNote error={exporting.error} />}
        <Group>
          <Button
            onClick={() => exporting.mutate(order)}
            loading={exporting.isPending}
            disabled={!order.formats.length}
          >
            Make the files
          </Button>
          <Text size="sm" c="dimmed">
            {made === 1
              ? "Of the picture that is there now."
              : `Of the ${made} pictures that are there now.`}
          </Text>
        </Group>
      </Stack>
      <Stack component="section" aria-labelledby="files">
        <Title order={2} size="h3" id="files">
          Files
        </Title>
        <Ask query={exports} height={160}>
          {(found) =>
            found.exports.length ? (
              <Made exports={found.exports} />
            ) : (
              <Text c="dimmed">None yet. They stay here once they are made.</Text>
            )
          }
        </Ask>
      </Stack>
    </SimpleGrid>
  );
}

const USUAL: Required<Order> = {
  formats: ["sheet"],
  layout: "grid-6",
  framesPerSecond: 24,
  filmHeight: 720,
};
const LAYOUTS = [
  { value: "grid-6", label: "Six to a page" },
  { value: "grid-9", label: "Nine to a page" },
  { value: "grid-12", label: "Twelve to a page" },
  { value: "notes", label: "Four, with their notes" },
];
