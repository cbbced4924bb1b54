import { Stack, Tabs } from "@mantine/core";
import { useLocation } from "wouter";
import { Fault } from "@/api/fault";
import { Ask } from "@/shared/Ask";
import { DESK, RUN_TABS, type RunTab, runAt } from "@/story/addresses";
import { Crumb } from "@/story/Crumb";
import { useEpisode } from "@/story/data/episode";
import { type Run, useRun } from "@/story/data/runs";
import { EpisodeView } from "@/story/episode/EpisodeView";
import { ExportView } from "@/story/export/ExportView";
import { NoSuch } from "@/story/NoSuch";
import { ReportView } from "@/story/report/ReportView";
import { Head } from "@/story/run/Head";
import { Sheet } from "@/story/sheet/Sheet";
import { ShotDialog } from "@/story/shot/ShotDialog";
import { hasEnded } from "@/story/words";

type Props = { runId: string; tab: string; shotId?: string };
const LABELS: Record<RunTab, string> = {
  pictures: "Pictures",
  story: "Story",
  report: "Report",
  export: "Export",
};

/** One run: how far it is, and all that comes of it. */
export function RunPage({ runId, tab, shotId }: Props) {
  const run = useRun(runId);
  const isMissing = run.error instanceof Fault && [404, 422].includes(run.error.status);
  if (isMissing || !RUN_TABS.includes(tab as RunTab)) return <NoSuch />;
  return (
    <Stack gap="md">
      <Crumb href={DESK} />
      <Ask query={run} height="70dvh">
        {(found) => <Shown run={found} tab={tab as RunTab} shotId={shotId} />}
      </Ask>
    </Stack>
  );
}

function Shown({ run, tab, shotId }: { run: Run; tab: RunTab; shotId: string | undefined }) {
  const [, go] = useLocation();
  const episode = useEpisode(run.sessionTimestamp);
  return (
    <Stack gap="md">
      <Head run={run} episode={episode.data} />
      <Tabs
        value={tab}
        onChange={(value) => go(runAt(run.runId, value as RunTab))}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {RUN_TABS.map((one) => (
            <Tabs.Tab key={one} value={one} px={{ base: "xs", xs: "md" }}>
              {LABELS[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="pictures">
          <Sheet run={run} episode={episode.data} />
        </Tabs.Panel>
        <Tabs.Panel value="story">
          <EpisodeView
            timestamp={run.sessionTimestamp}
            isGoing={!hasEnded(run)}
            beats={run.beats}
          />
        </Tabs.Panel>
        <Tabs.Panel value="report">
          <ReportView run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="export">
          <ExportView run={run} />
        </Tabs.Panel>
      </Tabs>
      {shotId && <ShotDialog run={run} shotId={shotId} />}
    </Stack>
  );
}
