import { Accordion, List, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import type { Schema } from "@/api/client";

type Found = Schema<"Told">;
const SIGNS = {
  ok: { icon: IconCheck, color: "teal", says: "Fine" },
  warning: { icon: IconAlertTriangle, color: "orange", says: "Note" },
  error: { icon: IconX, color: "red", says: "In the way" },
} as const;

/** What was looked at before anything is begun. What is in the way is open; what is fine is folded. */
export function Findings({ report }: { report: Schema<"PreflightReport"> }) {
  const notes = report.findings.filter(({ status }) => status !== "ok");
  const fine = report.findings.filter(({ status }) => status === "ok");
  return (
    <div role="status">
      <Rows findings={notes} />
      {fine.length > 0 && (
        <Accordion variant="default" order={3} chevronPosition="left" chevronSize={20}>
          <Accordion.Item value="fine" style={{ border: 0 }}>
            <Accordion.Control px={0} fz="sm">
              {notes.length ? "What is fine" : "Nothing is in the way"}
            </Accordion.Control>
            <Accordion.Panel>
              <Rows findings={fine} />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      )}
    </div>
  );
}

function Rows({ findings }: { findings: Found[] }) {
  return (
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
                role="img"
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
  );
}
