import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, body, type Schema } from "@/api/client";
import { subscribe } from "@/live/bus";
import { refreshAll } from "@/live/refresh";

export type Statistics = Schema<"Statistics">;
export type Day = Statistics["days"][number];
export type Hour = Statistics["hours"][number];

const DAY_MS = 86_400_000;
/** What happens within this time is counted together. */
const GATHER_MS = 3000;

/** The last days in figures, counted anew when something has happened. */
export function useStatistics(days: number) {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const count = () => {
      timer = undefined;
      refreshAll(client, ({ queryKey }) => queryKey[0] === "statistics");
    };
    const off = subscribe(() => {
      timer ??= setTimeout(count, GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      off();
    };
  }, [client]);
  return useQuery({
    queryKey: ["statistics", days],
    queryFn: () => {
      const since = new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
      return body(api.GET("/v1/statistics", { params: { query: { since } } }));
    },
  });
}

/** Holds a queue, or lets it go on. */
export function useSwitch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, paused }: { name: string; paused: boolean }) => {
      const path = paused ? "/v1/queues/{name}/resume" : "/v1/queues/{name}/pause";
      return body(api.POST(path, { params: { path: { name } } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["statistics"] }),
  });
}
