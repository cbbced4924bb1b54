import { Center, Loader, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Fragment } from "react";
import { Fault } from "@/api/fault";
import { nonce } from "@/app/nonce";
import { Shell } from "@/app/Shell";
import { theme, variables } from "@/app/theme";
import { Live } from "@/live/Live";
import { SignIn } from "@/session/SignIn";
import { useSession } from "@/session/session";
import { FaultNote } from "@/shared/FaultNote";
import { DraftsKept } from "@/story/drafts/Drafts";

const RETRIES = 3;
const queries = new QueryClient({
  defaultOptions: {
    // The server may be this machine, which answers also where there is no network.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      // Events say when something has changed, so nothing gets old by itself.
      staleTime: Number.POSITIVE_INFINITY,
      retry: (count, error) => error instanceof Fault && error.passes && count < RETRIES,
    },
  },
});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Door() {
  const session = useSession();
  if (session.data)
    return (
      <Fragment key={session.data.org_id}>
        <Live />
        <DraftsKept>
          <Shell session={session.data} />
        </DraftsKept>
      </Fragment>
    );
  if (session.error instanceof Fault && session.error.status === 401) return <SignIn />;
  return (
    <Center mih="100dvh" p="md" component="main">
      {session.error ? (
        <FaultNote error={session.error} retry={() => void session.refetch()} />
      ) : (
        <Loader aria-label="Loading" />
      )}
    </Center>
  );
}
