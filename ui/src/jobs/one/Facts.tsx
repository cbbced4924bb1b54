import {
  ActionIcon,
  Anchor,
  Badge,
  Code,
  CopyButton,
  Group,
  Paper,
  Text,
  Title,
} from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import classes from "@/jobs/one/Facts.module.css";
import type { Job } from "@/jobs/words";
import { money } from "@/shared/money";
import { plain } from "@/shared/plain";
import { usePresets } from "@/shared/presets";
import { exactly, lasting } from "@/shared/times";

/** Fields of what was asked that say the same elsewhere, or nothing to a reader. */
const SAID = new Set(["file_name", "fresh", "labels", "priority", "session_timestamp"]);
const NAMES: Record<string, string> = {
  icp_preset: "customers",
  sanitize_ip: "names masked",
  image_width: "width",
  image_height: "height",
};
type Named = { key: string; name: string };
const RAW = ["self", "explain", "cost", "result"] as const;

/** What else is known of it. */
export function Facts({ job }: { job: Job }) {
  const { queue_s, run_s } = job.metrics;
  const { data: presets } = usePresets();
  // As people call them; what has been removed since goes by its key.
  const called: Record<string, Named[] | undefined> = {
    icp_preset: presets?.icp_presets,
    stage: presets?.stages,
    audience: presets?.audiences,
  };
  const asked = Object.entries(job.input).filter(
    ([name, value]) => !SAID.has(name) && ["string", "number", "boolean"].includes(typeof value),
  );
  const labels = Object.entries(job.labels);
  return (
    <Paper component="aside" withBorder radius="lg" p="md" aria-label="Facts">
      <Title order={2} size="h4" mb="xs">
        Facts
      </Title>
      <dl className={classes.facts}>
        <Fact name="Made">{exactly(job.created_at)}</Fact>
        {queue_s !== null && <Fact name="Waited">{lasting(queue_s * 1000)}</Fact>}
        {run_s !== null && <Fact name="Took">{lasting(run_s * 1000)}</Fact>}
        {job.cost && <Fact name="Cost">{costs(job.cost)}</Fact>}
        <Fact name="Priority">{job.priority}</Fact>
        {job.attempt > 1 && <Fact name="Attempt">{job.attempt}</Fact>}
        {job.parent_id && (
          <Fact name="Made from">
            <Anchor component={Link} href={`/studio/jobs/${job.parent_id}`} inherit>
              an earlier job
            </Anchor>
          </Fact>
        )}
        {asked.map(([name, value]) => (
          <Fact key={name} name={worded(name)}>
            {called[name]?.find(({ key }) => key === value)?.name ?? valued(value)}
          </Fact>
        ))}
        <Fact name="Labels">
          {labels.length === 0 && "none"}
          {labels.map(([name, value]) => (
            <Badge
              key={name}
              component={Link}
              href={`/studio/jobs?${new URLSearchParams({ label: `${name}=${value}` })}`}
              variant="outline"
              tt="none"
              className={classes.label}
            >
              {plain(`${name}: ${value}`)}
            </Badge>
          ))}
        </Fact>
        <Fact name="Id">
          <Group gap={4} wrap="nowrap">
            <Code className={classes.id}>{job.id}</Code>
            <Copy text={job.id} />
          </Group>
        </Fact>
      </dl>
      <Text size="sm" c="dimmed" mt="md" mb={4}>
        As data, for programs
      </Text>
      <Group gap="sm">
        {RAW.map((name) => (
          <Anchor key={name} href={job.links[name]} target="_blank" rel="noreferrer" size="sm">
            {name === "self" ? "job" : name}
          </Anchor>
        ))}
        <Anchor href={`${job.links.self}/timeline`} target="_blank" rel="noreferrer" size="sm">
          timeline
        </Anchor>
      </Group>
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Copy({ text }: { text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <ActionIcon variant="subtle" onClick={copy} aria-label={copied ? "Copied" : "Copy the id"}>
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}

function costs(cost: NonNullable<Job["cost"]>): string {
  if (cost.calls === 0) return "nothing";
  const calls = cost.calls === 1 ? "1 call" : `${cost.calls} calls`;
  if (cost.usd !== null) return `${money(cost.usd)}, ${calls}`;
  return `at least ${money(cost.known_usd)}, ${calls}, the price of ${cost.unknown_calls} is unknown`;
}

function worded(name: string): string {
  return NAMES[name] ?? name.replaceAll("_", " ");
}

function valued(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return plain(String(value).replaceAll("_", " "));
}
