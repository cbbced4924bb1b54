import { useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { NotFound } from "@/app/NotFound";
import { Board } from "@/make/Board";
import { type Brought, useBrought } from "@/make/bringing";
import { Desk } from "@/make/Desk";
import { LetGo } from "@/shared/LetGo";

/** A source becomes a storyboard, and the storyboard another one. */
export default function Make() {
  const [, go] = useLocation();
  const [brought, bring] = useState<Brought>();
  // Also beside a storyboard: what is brought there is the next one.
  const over = useBrought((one) => {
    bring(one);
    go("/");
  });
  return (
    <>
      <Switch>
        <Route path="/studio/make/:jobId">{({ jobId }) => <Board id={jobId} />}</Route>
        <Route path={/^\/(?:studio\/make\/?)?$/}>
          <Desk brought={brought} onTaken={() => bring(undefined)} />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
      {over && <LetGo>Let go, and it is made</LetGo>}
    </>
  );
}
