import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { Fault } from "@/api/fault";
import { labelsOf, type Wish } from "@/make/choices";
import type { Source } from "@/make/sources";

export type Work = Schema<"Work">;
/** The same order, sent again after an answer that was lost, makes nothing twice. */
export type Order = { source: Source; wish: Wish; key: string };

/** What is asked, without what is left to the server. */
export function inputOf({ source, wish }: { source: Pick<Source, "kind">; wish: Wish }) {
  const { icp_preset, stage, audience, format, render, fresh } = wish;
  const headline = wish.custom_headline.trim();
  const model = wish.model.trim();
  return {
    ...{ icp_preset, stage, audience, format, render },
    ...(headline && { custom_headline: headline }),
    ...(model && { model }),
    ...(fresh && { fresh }),
    ...(source.kind === "roadmap" && !wish.sanitize_ip && { sanitize_ip: false }),
  };
}

/**
 * Sends orders one after the other; all of them again where one was lost, which changes nothing. One that is
 * refused holds up no other: the server's reason is among those why not all were made.
 */
export function useMake() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (orders: readonly Order[]) => {
      const made: Work[] = [];
      const refused: string[] = [];
      for (const order of orders) {
        try {
          const work = await body(send(order));
          client.setQueryData(["work", work.id], work);
          made.push(work);
        } catch (error) {
          if (orders.length === 1 || !(error instanceof Fault) || error.passes) throw error;
          refused.push(`“${order.source.file.name}”: ${error.message}`);
        }
      }
      return { made, refused };
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

function send(order: Order) {
  const kind =
    order.source.kind === "code"
      ? ("code_to_storyboard" as const)
      : ("roadmap_to_storyboard" as const);
  const { priority, labels } = order.wish;
  return api.POST("/v1/jobs", {
    params: { header: { "Idempotency-Key": order.key } },
    body: { kind, input: inputOf(order), priority, labels: labelsOf(labels) ?? {} },
    bodySerializer: (asked) => form(asked, order.source.file),
  });
}

function form(asked: Record<string, unknown>, file: File): FormData {
  const parts = new FormData();
  for (const [name, value] of Object.entries(asked))
    parts.set(name, typeof value === "string" ? value : JSON.stringify(value));
  parts.set("file", file, file.name);
  return parts;
}
