import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
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

/** Keeps a profile, new or changed. */
export function useKeeping() {
  return useChange((draft: Draft) =>
    body(
      api.PUT("/v1/presets/icp/{key}", {
        params: { path: { key: draft.key } },
        body: profileOf(draft),
      }),
    ),
  );
}

export function useRemoving() {
  return useChange((key: string) =>
    api.DELETE("/v1/presets/icp/{key}", { params: { path: { key } } }),
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
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: presets.queryKey }),
  });
}
