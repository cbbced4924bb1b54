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
};

/** The views, each a file of its own that is loaded when somebody goes there. */
export const PLACES: readonly Place[] = [
  {
    path: "/",
    label: "Make",
    key: "m",
    icon: IconSparkles,
    view: lazy(() => import("@/make/Make")),
  },
  {
    path: "/studio/story",
    label: "Story",
    key: "s",
    icon: IconBook2,
    view: lazy(() => import("@/story/Story")),
  },
  {
    path: "/studio/automation",
    label: "Automation",
    key: "a",
    icon: IconMoonStars,
    view: lazy(() => import("@/automation/Automation")),
  },
  {
    path: "/studio/jobs",
    label: "Jobs",
    key: "j",
    icon: IconListDetails,
    view: lazy(() => import("@/jobs/Jobs")),
  },
  {
    path: "/studio/settings",
    label: "Settings",
    key: "t",
    icon: IconSettings,
    view: lazy(() => import("@/settings/Settings")),
  },
];
