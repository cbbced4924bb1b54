import { useLocalStorage } from "@mantine/hooks";
import type { Schema } from "@/api/client";
import type { Presets } from "@/shared/presets";

export type Format = Schema<"BoardFormat">;
export type Render = Schema<"Render">;
export type Priority = Schema<"WorkSummary">["priority"];

/** What a storyboard looks like: all of it can be changed later, for nothing. */
export type Look = {
  icp_preset: string;
  stage: string;
  audience: string;
  format: Format;
  custom_headline: string;
};

/** What is asked of a new one besides. */
export type Wish = Look & {
  render: Render;
  model: string;
  fresh: boolean;
  sanitize_ip: boolean;
  priority: Priority;
  labels: string;
};

export const ORDINARY: Wish = {
  icp_preset: "coperniq_mep",
  stage: "preview",
  audience: "c_suite",
  format: "landscape",
  custom_headline: "",
  render: "composed",
  model: "",
  fresh: false,
  sanitize_ip: true,
  priority: "normal",
  labels: "",
};

/** What of a wish is of use another day; a headline is not. */
const KEPT = ["icp_preset", "stage", "audience", "format"] as const;
type Kept = Pick<Wish, (typeof KEPT)[number]>;

/** The choices of the last time, of which this browser remembers those that will do again. */
export function useKept(): [Kept, (wish: Kept) => void] {
  const [kept, keep] = useLocalStorage<Kept>({
    key: "storyloom.make",
    defaultValue: ORDINARY,
    getInitialValueInEffect: false,
  });
  const set = (wish: Kept) => keep(pick(wish));
  return [{ ...pick(ORDINARY), ...kept }, set];
}

function pick({ icp_preset, stage, audience, format }: Kept): Kept {
  return { icp_preset, stage, audience, format };
}

/** The wish with what there is: a preset that was chosen once may be gone. */
export function known<T extends Kept>(wish: T, presets: Presets): T {
  const kept = (key: string, all: readonly { key: string }[], usual: string) =>
    all.some((one) => one.key === key) ? key : has(all, usual);
  return {
    ...wish,
    icp_preset: kept(wish.icp_preset, presets.icp_presets, ORDINARY.icp_preset),
    stage: kept(wish.stage, presets.stages, ORDINARY.stage),
    audience: kept(wish.audience, presets.audiences, ORDINARY.audience),
    format: FORMATS.some((one) => one.key === wish.format) ? wish.format : ORDINARY.format,
  };
}

function has(all: readonly { key: string }[], usual: string): string {
  return all.some(({ key }) => key === usual) ? usual : (all[0]?.key ?? usual);
}

export const FORMATS: readonly { key: Format; name: string; description: string }[] = [
  { key: "landscape", name: "Landscape", description: "1920 × 1080, for slides and screens" },
  { key: "portrait", name: "Portrait", description: "1080 × 1350, for feeds and phones" },
  { key: "square", name: "Square", description: "1200 × 1200, for posts" },
];

export const RENDERS: readonly { value: Render; label: string }[] = [
  { value: "composed", label: "Words over an illustration" },
  { value: "vector", label: "Words over a drawn scene, without an image model" },
  { value: "painted", label: "All of it painted by an image model" },
];

/** Width by height, for a place that is kept. */
export const RATIOS: Record<Format, number> = {
  landscape: 1920 / 1080,
  portrait: 1080 / 1350,
  square: 1,
};

/** `team=web, quarter=q3` as labels; null where it cannot be read so. */
export function labelsOf(text: string): Record<string, string> | null {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const pairs = parts.map((part) => /^([A-Za-z]\w{0,62})\s*=\s*(.{0,200})$/.exec(part));
  if (pairs.some((pair) => pair === null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
}
