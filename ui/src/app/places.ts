import {
  IconBook2,
  IconListDetails,
  IconMoonStars,
  IconSettings,
  IconSparkles,
} from "@tabler/icons-react";
import { type ComponentType, lazy } from "react";

type Place = {
  path: string;
  label: string;
  /** With `g` before it, this key leads here. */
  key: string;
  icon: typeof IconBook2;
  view: ComponentType;
  /** Begins to load the view. */
  load: () => void;
};

function loaded(load: () => Promise<{ default: ComponentType }>) {
  return { view: lazy(load), load: () => void load().catch(() => {}) };
}

/** The views, each a file of its own that is loaded when somebody goes there. */
export const PLACES: readonly Place[] = [
  {
    path: "/",
    label: "Make",
    key: "m",
    icon: IconSparkles,
    ...loaded(() => import("@/make/Make")),
  },
  {
    path: "/studio/story",
    label: "Story",
    key: "s",
    icon: IconBook2,
    ...loaded(() => import("@/story/Story")),
  },
  {
    path: "/studio/automation",
    label: "Automation",
    key: "a",
    icon: IconMoonStars,
    ...loaded(() => import("@/automation/Automation")),
  },
  {
    path: "/studio/jobs",
    label: "Jobs",
    key: "j",
    icon: IconListDetails,
    ...loaded(() => import("@/jobs/Jobs")),
  },
  {
    path: "/studio/settings",
    label: "Settings",
    key: "t",
    icon: IconSettings,
    ...loaded(() => import("@/settings/Settings")),
  },
];

/** The view of an address; whatever no other one has is of the first. */
export function placeOf(address: string): Place | undefined {
  const others = PLACES.slice(1);
  return others.find(({ path }) => address === path || address.startsWith(`${path}/`)) ?? PLACES[0];
}
