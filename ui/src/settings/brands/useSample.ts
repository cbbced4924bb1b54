import { useThrottledValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { useAddress } from "@/settings/brands/useAddress";

/** Somebody who types or turns a colour wheel sees a board so often, and one after the other. */
const EVERY_MS = 350;
const KEPT_MS = 60_000;

export type Wanted = Schema<"ProfileSample">;
export type Warning = Schema<"PaletteWarning">;

/** A board of a profile that is kept nowhere; the old one stays until the new one is there. */
export function useSample(wanted: Wanted | null, logoOf: string) {
  // As text, what is the same is the same.
  const now = useThrottledValue(wanted && JSON.stringify(wanted), EVERY_MS);
  const [asked, setAsked] = useState(now);
  const sample = useQuery({
    queryKey: ["sample", asked, logoOf],
    queryFn: ({ signal }) => drawn(JSON.parse(asked as string), signal),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    gcTime: KEPT_MS,
  });
  // What was asked for is let through: given up again and again, nothing would be seen meanwhile.
  if (now !== asked && !sample.isFetching) setAsked(now);
  return {
    url: useAddress(sample.data?.board),
    warnings: sample.data?.warnings,
    error: sample.error,
    isBehind: sample.isFetching || now !== asked,
  };
}

async function drawn(body: Wanted, signal: AbortSignal) {
  const asked = await api.POST("/v1/presets/sample", { body, parseAs: "blob", signal });
  const told = asked.response.headers.get("X-Palette-Warnings") ?? "[]";
  return { board: asked.data as unknown as Blob, warnings: JSON.parse(told) as Warning[] };
}
