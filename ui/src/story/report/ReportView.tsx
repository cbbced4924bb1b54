import { Alert, Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, body, type Schema } from "@/api/client";
import { Ask } from "@/shared/Ask";
import { FaultNote } from "@/shared/FaultNote";
import { lasting } from "@/shared/times";
import { shotAt } from "@/story/addresses";
import { type Run, useRunCommand, useShotCommand } from "@/story/data/runs";
import { dollars, hasEnded, makers } from "@/story/words";

/** The morning report: what became of the night, and what somebody has to decide. */
export function ReportView({ run }: { run: Run }) {
  const report = useQuery({
    queryKey: ["report", run.runId],
    queryFn: () =>
      body(
        api.GET("/api/v1/automation/runs/{run_id}/report", {
          params: { path: { run_id: run.runId } },
        }),
      ),
  });
  return (
    <Ask query={report} height={400}>
      {(told) => (
        <Stack maw="48rem" component="article" aria-label="The report">
          <div>
            {!hasEnded(run) && (
              <Text size="sm" c="dimmed">
                So far
              </Text>
            )}
            <Title order={2} size="h2">
              {told.headline}
            </Title>
          </div>
          <Figures report={told} />
          {!!told.remarks?.length && (
            <Alert color="amber" title="Not as well as usual">
              <List size="sm">
                {told.remarks.map((remark) => (
                  <List.Item key={remark}>{remark}</List.Item>
                ))}
              </List>
            </Alert>
          )}
          <Title order={3}>For you to decide</Title>
          {told.decisions?.length ? (
            <Decisions run={run} decisions={told.decisions} />
          ) : (
            <Text>Nothing: every picture is as it was asked for, or not begun.</Text>
          )}
        </Stack>
      )}
    </Ask>
  );
}

function Figures({ report }: { report: Schema<"Report"> }) {
  const figures: [string, string][] = [
    ["Pictures as asked for", `${report.done} of ${report.total}`],
    ["Made differently", String(report.degraded)],
    ["Not made", String((report.failed ?? 0) + (report.cancelled ?? 0))],
    ["Served by an earlier picture", String(report.reused)],
    ["Took", lasting((report.wallSeconds ?? 0) * 1000)],
    ["GPU held", lasting((report.gpuSeconds ?? 0) * 1000)],
    ["Spent on models", dollars(report.spent?.usd)],
    ["Made with", report.madeWith ? makers(report.madeWith) : "nothing yet"],
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} component="dl" m={0}>
      {figures.map(([name, value]) => (
        <Paper key={name} withBorder p="sm">
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={650} style={{ overflowWrap: "anywhere" }}>
            {value}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

type Decision = Schema<"Decision">;

function Decisions({ run, decisions }: { run: Run; decisions: Decision[] }) {
  const retrying = useRunCommand(run.runId);
  return (
    <>
      {decisions.some(({ offers }) => offers?.includes("retry")) && (
        <Button
          onClick={() => retrying.mutate("retry")}
          loading={retrying.isPending}
          style={{ alignSelf: "start" }}
        >
          Try what failed again
        </Button>
      )}
      {retrying.error && <FaultNote error={retrying.error} />}
      {decisions.map((decision) => (
        <Decide
          key={`${decision.shot} ${decision.code} ${decision.says}`}
          run={run}
          decision={decision}
        />
      ))}
    </>
  );
}

function Decide({ run, decision }: { run: Run; decision: Decision }) {
  const shotId = decision.shot ?? "";
  const asking = useShotCommand(run.runId, shotId);
  const offers = decision.offers ?? [];
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text style={{ overflowWrap: "anywhere" }}>{decision.says}</Text>
        {shotId && (
          <Group gap="xs">
            {offers.includes("regenerate") && (
              <Button
                size="xs"
                variant="light"
                onClick={() => asking.mutate({ does: "regenerate", seed: null })}
                loading={asking.isPending}
              >
                Make another
              </Button>
            )}
            <Button size="xs" variant="light" component={Link} href={shotAt(run.runId, shotId)}>
              {offers.includes("edit_prompt") ? "Edit its prompt" : "Look at it"}
            </Button>
          </Group>
        )}
        {asking.error && <FaultNote error={asking.error} />}
      </Stack>
    </Paper>
  );
}
