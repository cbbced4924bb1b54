import { Anchor, Collapse, Group, Table, Text, ThemeIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconLoader2,
  IconMinus,
  IconX,
} from "@tabler/icons-react";
import type { Schema } from "@/api/client";
import classes from "@/jobs/one/Steps.module.css";
import { money } from "@/shared/money";
import { lasting } from "@/shared/times";

type Step = Schema<"TimelineStep">;
type Outcome = Schema<"StepOutcome">;
type Props = { step: Step; begun: number; whole: number; end: number };

const NAMES: Record<string, string> = {
  queued: "In line",
  understand: "Reading the source",
  illustrate: "Illustration",
  draw: "Drawing",
  archive: "Safekeeping",
};
const OUTCOMES: Record<Outcome, { icon: typeof IconCheck; color: string; says: string }> = {
  pending: { icon: IconCircleDashed, color: "gray", says: "to come" },
  running: { icon: IconLoader2, color: "blue", says: "now" },
  waiting: { icon: IconClock, color: "amber", says: "waits" },
  done: { icon: IconCheck, color: "teal", says: "done" },
  failed: { icon: IconX, color: "red", says: "failed" },
  canceled: { icon: IconMinus, color: "gray", says: "cancelled" },
  skipped: { icon: IconMinus, color: "gray", says: "not begun" },
};
/** Less than that could not be seen. */
const SLIMMEST = 0.5;

/** One step: how far it is, when it was and how long, what it asked of models and what that cost. */
export function StepView({ step, begun, whole, end }: Props) {
  const [opened, { toggle }] = useDisclosure();
  const { icon: Icon, color, says } = OUTCOMES[step.outcome];
  const name = NAMES[step.name] ?? sentence(step.name);
  const from = step.started_at ? Date.parse(step.started_at) - begun : null;
  const until = step.ended_at ? Date.parse(step.ended_at) - begun : end - begun;
  const ms = step.duration_ms ?? (from === null ? null : Math.max(0, until - from));
  const share = (part: number) => Math.min(100, Math.max(0, (part / whole) * 100));
  return (
    <li className={classes.step} data-step={step.name} data-outcome={step.outcome}>
      <ThemeIcon size={24} radius="xl" variant="light" color={color}>
        <Icon size={14} aria-hidden />
      </ThemeIcon>
      <Text size="sm" fw={550} className={classes.name}>
        {name}{" "}
        <Text span size="xs" c="dimmed">
          {says}
        </Text>
      </Text>
      <div className={classes.track} aria-hidden>
        {from !== null && (
          <div
            className={classes.bar}
            style={{
              left: `${Math.min(share(from), 100 - SLIMMEST)}%`,
              width: `${Math.max(SLIMMEST, share(until - from))}%`,
              background: `var(--mantine-color-${color}-filled)`,
            }}
          />
        )}
      </div>
      <Text size="sm" className={classes.took}>
        {ms === null ? "" : lasting(ms)}
      </Text>
      <Notes step={step} />
      {step.calls.length > 0 && (
        <div className={classes.more}>
          <Anchor
            component="button"
            type="button"
            size="xs"
            onClick={toggle}
            aria-expanded={opened}
          >
            {step.attempts === 1 ? "1 call to a model" : `${step.attempts} calls to models`}
            {step.cost && `, ${money(step.cost.known_usd)}`}
          </Anchor>
          <Collapse expanded={opened}>
            <Calls calls={step.calls} />
          </Collapse>
        </div>
      )}
    </li>
  );
}

function Notes({ step }: { step: Step }) {
  const waits = step.waits.map(({ detail }) => detail);
  const notes = [...new Set([...waits, ...step.degraded])];
  return (
    <>
      {step.error && (
        <Text size="xs" c="var(--mantine-color-error)" className={classes.more}>
          {step.error.message}
        </Text>
      )}
      {notes.map((note) => (
        <Text size="xs" c="dimmed" key={note} className={classes.more}>
          {note}
        </Text>
      ))}
    </>
  );
}

function Calls({ calls }: { calls: Step["calls"] }) {
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table fz="xs" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th>Try</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th ta="end">Took</Table.Th>
            <Table.Th ta="end">Tokens in, out</Table.Th>
            <Table.Th ta="end">Cost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {calls.map((call) => (
            <Table.Tr key={`${call.started_at} ${call.attempt}`}>
              <Table.Td>
                {call.provider}: {call.model}
              </Table.Td>
              <Table.Td>{call.attempt}</Table.Td>
              <Table.Td>{call.outcome}</Table.Td>
              <Table.Td ta="end">
                {call.duration_ms === null ? "?" : lasting(call.duration_ms)}
              </Table.Td>
              <Table.Td ta="end">
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  {call.input_tokens ?? "?"}, {call.output_tokens ?? "?"}
                </Group>
              </Table.Td>
              <Table.Td ta="end">{call.usd === null ? "unknown" : money(call.usd)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function sentence(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
