import { useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

export type Presets = Schema<"PresetList">;

/** Everything that a storyboard may be for. */
export function usePresets() {
  return useQuery({
    queryKey: ["storyboard-presets"],
    queryFn: () => body(api.GET("/storyboard/presets")),
    // Profiles come and go without an event: each visit looks anew.
    staleTime: 0,
  });
}
