import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

const ROUTE = "/api/v1/automation/runs/{run_id}/exports";

/** Exports are work of their own, so their events are those of the list of work. */
export function useExports(runId: string) {
  return useQuery({
    queryKey: ["jobs", "exports", runId],
    queryFn: () => body(api.GET(ROUTE, { params: { path: { run_id: runId } } })),
  });
}

export function useExporting(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: Schema<"ExportOrder">) =>
      body(api.POST(ROUTE, { params: { path: { run_id: runId } }, body: order })),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs", "exports", runId] }),
  });
}
