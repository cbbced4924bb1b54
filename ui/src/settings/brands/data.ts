import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { Fault } from "@/api/fault";
import { type Draft, profileOf } from "@/settings/brands/draft";

export type Profile = Schema<"IcpView">;
export type Catalogue = Schema<"PresetCatalogue">;

/** Everything that a request may name. Nothing tells of changes, so it is looked up at every visit. */
const presets = queryOptions({
  queryKey: ["presets"],
  queryFn: () => body(api.GET("/v1/presets")),
});

export function usePresets() {
  return useQuery({ ...presets, refetchOnMount: "always" });
}

/** Whether somebody else was faster. */
export function isChanged(error: unknown): boolean {
  return error instanceof Fault && error.code === "profile_changed";
}

/** Keeps a profile in the place of what was seen of it; null: nobody is to have kept one before. */
export function useKeeping() {
  return useChange(({ draft, etag }: { draft: Draft; etag: string | null }) =>
    body(
      api.PUT("/v1/presets/icp/{key}", {
        params: {
          path: { key: draft.key },
          header: etag === null ? { "if-none-match": "*" } : { "if-match": etag },
        },
        body: profileOf(draft),
      }),
    ),
  );
}

/** Removes a profile, if it is as it was seen. */
export function useRemoving() {
  return useChange(({ key, etag }: { key: string; etag: string | null }) =>
    api.DELETE("/v1/presets/icp/{key}", {
      params: { path: { key }, header: { "if-match": etag } },
    }),
  );
}

/** Gives a kept profile a logo, or takes it away with null. */
export function useLogo() {
  return useChange(({ key, file }: { key: string; file: File | null }) => {
    const params = { path: { key } };
    return body(
      file
        ? api.PUT("/v1/presets/icp/{key}/logo", {
            params,
            // Its kind is told by its content, whatever it is called.
            headers: { "Content-Type": "application/octet-stream" },
            body: file as unknown as string,
            bodySerializer: (sent) => sent,
          })
        : api.DELETE("/v1/presets/icp/{key}/logo", { params }),
    );
  });
}

function useChange<Asked, Told>(mutationFn: (asked: Asked) => Promise<Told>) {
  const client = useQueryClient();
  const lookAgain = () => client.invalidateQueries({ queryKey: presets.queryKey });
  return useMutation({
    mutationFn,
    onSuccess: lookAgain,
    onError: (error) => (isChanged(error) ? lookAgain() : undefined),
  });
}
