import { Stack, Title } from "@mantine/core";
import { Redirect, Route, Switch } from "wouter";
import { useSession } from "@/session/session";
import { Parts } from "@/settings/Parts";
import { offered, SETTINGS } from "@/settings/parts";
import { Empty } from "@/shared/Empty";

/** Everything that is set once and then holds: each part has an address of its own. */
export default function Settings() {
  const session = useSession().data;
  if (!session) return null;
  const parts = offered(session);
  return (
    <Stack gap="lg">
      <Title order={1}>Settings</Title>
      <Parts parts={parts} />
      <Switch>
        <Route path={SETTINGS}>
          <Redirect to={parts[0]?.path ?? SETTINGS} replace />
        </Route>
        {parts.map(({ path, view: View }) => (
          <Route key={path} path={new RegExp(`^${path}(?:/.*)?$`)}>
            <View session={session} />
          </Route>
        ))}
        <Route>
          <Empty title="There is no such part">
            Or your key does not open it. Whoever gave it to you can make one that does.
          </Empty>
        </Route>
      </Switch>
    </Stack>
  );
}
