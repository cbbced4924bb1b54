import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { NotFound } from "@/app/NotFound";
import { List } from "@/jobs/list/List";

const Figures = lazy(() => import("@/jobs/figures/Figures"));
const One = lazy(() => import("@/jobs/one/One"));

/** All work, one job of it, and its figures. */
export default function Jobs() {
  return (
    <Suspense fallback={<Skeleton height="60dvh" role="status" aria-label="Loading" />}>
      <Switch>
        <Route path="/studio/jobs">
          <List />
        </Route>
        <Route path="/studio/jobs/figures">
          <Figures />
        </Route>
        <Route path="/studio/jobs/:id">{({ id }) => <One key={id} id={id} />}</Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
