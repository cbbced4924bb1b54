import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

export type Session = Schema<"SessionView">;
export type Scope = Schema<"Scope">;

// The cookie is that of all tabs: none may go on showing, or asking for, what was another's.
const others = new BroadcastChannel("storyloom.session");
others.onmessage = () => location.reload();

/** Who looks at the page; fails with the status 401 where a key is needed. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: () => body(api.GET("/v1/session")),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Whether the key covers it. */
export function may(session: Session | undefined, scope: Scope): boolean {
  return session?.scopes.includes(scope) ?? false;
}

/** Signs in and out; whatever was shown to one is forgotten before the next comes. */
export function useSignIn() {
  const client = useQueryClient();
  const became = (session: Session) => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    const before = client.getQueryData<Session>(["session"]);
    client.setQueryData(["session"], session);
    if (before?.key_id !== session.key_id || before.org_id !== session.org_id)
      others.postMessage("changed");
  };
  return {
    signIn: async (key: string) => {
      const headers = { Authorization: `Bearer ${key}` };
      became(await body(api.POST("/v1/session", { body: {}, headers })));
    },
    chooseOrg: async (orgId: string) =>
      became(await body(api.POST("/v1/session", { body: { org_id: orgId } }))),
    signOut: async () => {
      await api.DELETE("/v1/session");
      others.postMessage("changed");
      location.assign("/");
    },
  };
}
