import { Route, Switch } from "wouter";
import { DESK } from "@/story/addresses";
import { Desk } from "@/story/desk/Desk";
import { EpisodePage } from "@/story/episode/EpisodePage";
import { NoSuch } from "@/story/NoSuch";
import { RunPage } from "@/story/run/RunPage";

export default function Story() {
  return (
    <Switch>
      <Route path={DESK}>
        <Desk />
      </Route>
      <Route path={`${DESK}/sessions/:timestamp`}>
        {({ timestamp }) => <EpisodePage key={timestamp} timestamp={Number(timestamp)} />}
      </Route>
      <Route path={`${DESK}/runs/:runId/shots/:shotId`}>
        {({ runId, shotId }) => (
          <RunPage key={runId} runId={runId} tab="pictures" shotId={shotId} />
        )}
      </Route>
      <Route path={`${DESK}/runs/:runId/:tab?`}>
        {({ runId, tab = "pictures" }) => <RunPage key={runId} runId={runId} tab={tab} />}
      </Route>
      <Route>
        <NoSuch />
      </Route>
    </Switch>
  );
}
