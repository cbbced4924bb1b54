import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { useAddress } from "@/settings/brands/useAddress";

/** Somebody who types or turns a colour wheel is let finish. */
const SETTLED_MS = 350;
const KEPT_MS = 60_000;

export type Wanted = Schema<"ProfileSample">;

/** A board of a profile that is kept nowhere; the old one stays until the new one is there. */
export function useSample(wanted: Wanted | null, logoOf: string) {
  const [settled] = useDebouncedValue(wanted, SETTLED_MS);
  const sample = useQuery({
    queryKey: ["sample", settled, logoOf],
    queryFn: ({ signal }) =>
      body<unknown>(
        api.POST("/v1/presets/sample", { body: settled as Wanted, parseAs: "blob", signal }),
      ) as Promise<Blob>,
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
  });
  return { url: useAddress(sample.data), error: sample.error, isBehind: sample.isFetching };
}
