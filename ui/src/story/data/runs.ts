import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

export type Run = Schema<"RunView">;
/** As lists show it. */
export type Listed = Schema<"RunSummary">;
export type Shot = Schema<"ShotView">;

const LISTED = 30;

export function useRuns() {
  return useQuery({
    queryKey: ["jobs", "runs"],
    queryFn: async () => {
      const query = { limit: LISTED };
      return (await body(api.GET("/api/v1/automation/runs", { params: { query } }))).runs;
    },
  });
}

export function useRun(runId: string | undefined) {
  return useQuery({
    queryKey: ["story_run", runId ?? ""],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/automation/runs/{run_id}", {
          params: { path: { run_id: runId ?? "" } },
          signal,
        }),
      ),
    enabled: runId !== undefined,
  });
}

type Asked = "pause" | "resume" | "cancel" | "retry" | "retry_degraded";

/** What can be asked of a run as a whole. */
export function useRunCommand(runId: string) {
  const client = useQueryClient();
  const params = { path: { run_id: runId } };
  return useMutation({
    mutationFn: (asked: Asked) => {
      const base = "/api/v1/automation/runs/{run_id}";
      if (asked === "pause") return body(api.POST(`${base}/pause`, { params }));
      if (asked === "resume") return body(api.POST(`${base}/resume`, { params }));
      if (asked === "cancel") return body(api.POST(`${base}/cancel`, { params }));
      const degraded = asked === "retry_degraded";
      return body(api.POST(`${base}/retry`, { params, body: { degraded } }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["story_run", runId] }),
  });
}

type OfShot =
  | { does: "regenerate"; seed: number | null; prompt?: string; negativePrompt?: string }
  | { does: "restore"; version: number }
  | { does: "cancel" };

/** What can be asked of one picture. */
export function useShotCommand(runId: string, shotId: string) {
  const client = useQueryClient();
  const params = { path: { run_id: runId, shot_id: shotId } };
  return useMutation({
    mutationFn: (asked: OfShot) => {
      const base = "/api/v1/automation/runs/{run_id}/shots/{shot_id}";
      if (asked.does === "cancel") return body(api.POST(`${base}/cancel`, { params }));
      const { does, ...wish } = asked;
      if (does === "restore")
        return body(api.POST(`${base}/restore`, { params, body: wish as Schema<"Restore"> }));
      return body(api.POST(`${base}/regenerate`, { params, body: wish as Schema<"Regenerate"> }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["story_run", runId] }),
  });
}
