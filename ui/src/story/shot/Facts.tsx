import { Accordion, Code, Table } from "@mantine/core";
import { lasting } from "@/shared/times";
import { When } from "@/shared/When";
import type { Shot } from "@/story/data/runs";
import { dollars } from "@/story/words";

/** How the picture that counts was made. */
export function Facts({ shot }: { shot: Shot }) {
  const version = shot.versions.find(({ number }) => number === shot.chosen);
  if (!version) return null;
  const { picture, parameters = {} } = version;
  return (
    <section aria-label="How it was made">
      <Table variant="vertical" layout="fixed" fz="sm">
        <Table.Tbody>
          <Row name="Seed" value={version.seed ?? "not told"} />
          <Row name="Model" value={version.model} />
          <Row name="Made by" value={version.backend} />
          <Row name="Size" value={`${picture.width} × ${picture.height}`} />
          <Row name="Took" value={lasting(version.durationMs)} />
          <Row name="Cost" value={dollars(version.costUsd)} />
          <Row name="Made" value={<When at={version.madeAt} />} />
        </Table.Tbody>
      </Table>
      <Accordion mt="xs" variant="separated" order={3}>
        <Accordion.Item value="all">
          <Accordion.Control>All settings, and its own words</Accordion.Control>
          <Accordion.Panel>
            <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {[
                version.prompt,
                version.negativePrompt && `Not: ${version.negativePrompt}`,
                JSON.stringify(parameters, null, 2),
              ]
                .filter(Boolean)
                .join("\n\n")}
            </Code>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </section>
  );
}

function Row({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w="6rem">{name}</Table.Th>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
    </Table.Tr>
  );
}
