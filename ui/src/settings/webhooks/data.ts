import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { freshKey } from "@/shared/freshKey";

export type Webhook = Schema<"Webhook">;
export type Delivery = Schema<"Delivery">;
const WEBHOOKS = ["webhooks"];
const deliveriesOf = (id: string) => ["deliveries", id];
const PAGE = 10;
const AGAIN_MS = 1500;

export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: async () => (await body(api.GET("/v1/webhooks"))).data,
    refetchOnMount: "always",
  });
}

/**
 * Deliveries tell no events: each would be an event to deliver. So while this is shown they are looked up, when
 * one is under way, and when one is to be tried again.
 */
export function useDeliveries({ id, enabled }: Webhook) {
  return useInfiniteQuery({
    queryKey: deliveriesOf(id),
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/v1/webhooks/{webhook_id}/deliveries", {
          params: { path: { webhook_id: id }, query: { limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchOnMount: "always",
    refetchInterval: ({ state }) =>
      enabled && untilNext(state.data?.pages.flatMap(({ data }) => data) ?? []),
  });
}

/** How long nothing happens to any of them; false: nothing will. */
function untilNext(deliveries: Delivery[]): number | false {
  const waits = deliveries
    .filter(({ status }) => status === "pending")
    .map(({ next_attempt_at: at }) => (at ? Date.parse(at) - Date.now() : 0));
  return waits.length > 0 && Math.max(AGAIN_MS, Math.min(...waits));
}

export function useAdding() {
  return useChange((asked: Schema<"NewWebhook">) =>
    body(api.POST("/v1/webhooks", { params: fresh(), body: asked })),
  );
}

/** All that can be asked of one webhook. */
export function useCommands(id: string) {
  const path = { webhook_id: id };
  const params = { path };
  const again = () => ({ params: { ...fresh(), path } });
  return {
    enabling: useChange((enabled: boolean) =>
      body(api.PATCH("/v1/webhooks/{webhook_id}", { params, body: { enabled } })),
    ),
    removing: useChange((_: undefined) => api.DELETE("/v1/webhooks/{webhook_id}", { params })),
    testing: useChange(
      (_: undefined) => body(api.POST("/v1/webhooks/{webhook_id}/test", again())),
      id,
    ),
    rotating: useChange((_: undefined) =>
      body(api.POST("/v1/webhooks/{webhook_id}/rotate", again())),
    ),
    replaying: useChange(
      (delivery: string) =>
        body(
          api.POST("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", {
            params: { ...fresh(), path: { ...path, delivery_id: delivery } },
          }),
        ),
      id,
    ),
  };
}

function fresh() {
  return { header: { "Idempotency-Key": freshKey() } };
}

/** Changes something of the webhooks, or of the deliveries of one. */
function useChange<Asked, Told>(mutationFn: (asked: Asked) => Promise<Told>, deliveries?: string) {
  const client = useQueryClient();
  const queryKey = deliveries ? deliveriesOf(deliveries) : WEBHOOKS;
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey }) });
}
