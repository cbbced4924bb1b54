import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { NotFound } from "@/app/NotFound";
import { List } from "@/jobs/list/List";

const One = lazy(() => import("@/jobs/one/One"));

/** All work, and one job of it. */
export default function Jobs() {
  return (
    <Suspense fallback={<Skeleton height="60dvh" role="status" aria-label="Loading" />}>
      <Switch>
        <Route path="/studio/jobs">
          <List />
        </Route>
        <Route path="/studio/jobs/:id">{({ id }) => <One key={id} id={id} />}</Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
