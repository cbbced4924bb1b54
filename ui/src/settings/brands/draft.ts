import type { Schema } from "@/api/client";
import type { Profile } from "@/settings/brands/data";

type Body = Schema<"ProfileBody">;
type Word = keyof Schema<"TradeWords">;

/** The trade's words, as they are asked for. */
export const WORDS: readonly { slot: Word; label: string; example: string }[] = [
  { slot: "trade", label: "The trade", example: "retail" },
  { slot: "company", label: "One of them", example: "retailer" },
  { slot: "companies", label: "Many of them", example: "retailers" },
  { slot: "crew", label: "Their people", example: "store teams" },
  { slot: "client", label: "Whom they serve, one", example: "shopper" },
  { slot: "clients", label: "Whom they serve, many", example: "shoppers" },
  { slot: "jobs", label: "What they work on", example: "orders" },
  { slot: "systems", label: "What they work with", example: "the systems your stores use" },
];
const HEX = /^#[0-9a-f]{6}$/i;

/** A profile as it is written. */
export type Draft = {
  key: string;
  name: string;
  description: string;
  brand: string;
  primary: string;
  accent: string;
  artStyle: string;
  words: Partial<Record<Word, string>>;
};

export const BLANK: Draft = {
  key: "",
  name: "",
  description: "",
  brand: "",
  primary: "#12235c",
  accent: "#a66500",
  artStyle: "",
  words: {},
};

export function draftOf(profile: Profile): Draft {
  const { primary, accent } = profile.brand.palette;
  return {
    key: profile.key,
    name: profile.name,
    description: profile.description,
    brand: profile.brand.name,
    primary,
    accent,
    artStyle: profile.art_style,
    words: Object.fromEntries(WORDS.map(({ slot }) => [slot, profile.words[slot] ?? ""])),
  };
}

/** The same as the API takes it; what is empty is left out. */
export function profileOf(draft: Draft): Body {
  const words = Object.entries(draft.words).filter(([, word]) => word.trim());
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    brand: { name: draft.brand.trim(), palette: { primary: draft.primary, accent: draft.accent } },
    art_style: draft.artStyle,
    words: Object.fromEntries(words),
  };
}

/** What can be drawn of it already, or null while a colour is half written. */
export function drawable(draft: Draft): Body | null {
  if (!HEX.test(draft.primary) || !HEX.test(draft.accent)) return null;
  const brand = draft.brand.trim() || draft.name.trim() || "Your brand";
  return profileOf({ ...draft, name: draft.name.trim() || brand, brand });
}

/** A name as requests use it. */
export function keyOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 64);
}
