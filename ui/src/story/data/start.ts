import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "@/api/client";
import { freshKey } from "@/shared/freshKey";
import { runAt } from "@/story/addresses";

export type Config = Schema<"RunConfig">;
/** What a person chooses for a run; the rest is as the organisation has it. */
export type Choices = Pick<
  Config,
  "aspects" | "imagesPerPrompt" | "style" | "backend" | "stopAfter" | "lastResort"
>;
export type Wish = { script: string } | { sessionTimestamp: number };

const CALM_MS = 500;

export function useDefaults() {
  return useQuery({
    queryKey: ["config", "runs"],
    queryFn: () => body(api.GET("/api/v1/automation/config")),
    // Changed in another view, or by another client: it is small, so it is asked for each time.
    staleTime: 0,
  });
}

/** What would be in the way of such a run, and what to expect of it; nothing is begun. */
export function usePreflight(wish: Wish, choices: Choices) {
  const [calm] = useDebouncedValue(JSON.stringify({ ...wish, config: choices }), CALM_MS);
  // What is expected of a session is another thing when the session is.
  const about = "sessionTimestamp" in wish ? ["session", String(wish.sessionTimestamp)] : [];
  return useQuery({
    queryKey: [...about, "preflight", calm],
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/automation/runs/preflight", {
          body: JSON.parse(calm) as Schema<"RunRequest">,
          signal,
        }),
      ),
    // What is in the way now may not be a moment later.
    staleTime: 0,
    gcTime: 0,
    placeholderData: (before) => before,
  });
}

/** Starts a run and goes to it. Asked again after a lost answer, it gives the same run. */
export function useStart() {
  const [, go] = useLocation();
  const sent = useRef({ what: "", key: "" });
  return useMutation({
    mutationFn: ({ wish, choices }: { wish: Wish; choices: Choices }) => {
      const request = { ...wish, config: choices } as unknown as Schema<"RunRequest">;
      const what = JSON.stringify(request);
      if (sent.current.what !== what) sent.current = { what, key: freshKey() };
      const headers = { "Idempotency-Key": sent.current.key };
      return body(api.POST("/api/v1/automation/runs", { body: request, headers }));
    },
    onSuccess: (run) => {
      sent.current = { what: "", key: "" };
      if (run) go(runAt(run.runId));
    },
  });
}
