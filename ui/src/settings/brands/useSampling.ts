import { useState } from "react";
import type { Profile } from "@/settings/brands/data";
import { type Draft, drawable } from "@/settings/brands/draft";
import { useSample, type Wanted } from "@/settings/brands/useSample";

export type Choice = Required<Pick<Wanted, "stage" | "audience" | "format">>;

/** The sample of what is written, and what it is drawn for. */
export function useSampling(draft: Draft, kept: Profile | undefined) {
  const [choice, setChoice] = useState<Choice>({
    stage: "preview",
    audience: "c_suite",
    format: "landscape",
  });
  const written = drawable(draft);
  const logoOf = kept?.brand.logo ? kept.key : null;
  const wanted = written && { ...written, ...choice, logo_of: logoOf };
  const sample = useSample(wanted, kept?.updated_at ?? "");
  return {
    ...sample,
    choice,
    choose: (more: Partial<Choice>) => setChoice((was) => ({ ...was, ...more })),
    /** Of colours that are half written nothing is said. */
    warnings: written ? (sample.warnings ?? []) : [],
  };
}
