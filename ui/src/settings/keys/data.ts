import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { freshKey } from "@/shared/freshKey";

export type Key = Schema<"ApiKey">;
export type MadeKey = Schema<"MadeKey">;
const KEYS = ["keys"];

export function useKeys(enabled = true) {
  return useQuery({
    queryKey: KEYS,
    queryFn: async () =>
      (await body(api.GET("/v1/keys", { params: { query: { limit: 1000 } } }))).keys,
    refetchOnMount: "always",
    enabled,
  });
}

export function useMaking() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Schema<"NewKey">) =>
      body(
        api.POST("/v1/keys", {
          params: { header: { "Idempotency-Key": freshKey() } },
          body: asked,
        }),
      ),
    // The secret is nobody's but the dialog's.
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useRevoking() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      api.DELETE("/v1/keys/{key_id}", { params: { path: { key_id: id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}

/** Whether it lets anybody in. */
export function isGood({ revoked_at, expires_at }: Key): boolean {
  return !revoked_at && (!expires_at || Date.parse(expires_at) > Date.now());
}
