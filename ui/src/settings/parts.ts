import {
  IconBuilding,
  IconHeartbeat,
  IconKey,
  IconPalette,
  IconWebhook,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { may, type Scope, type Session } from "@/session/session";
import { Brands } from "@/settings/brands/Brands";
import { Health } from "@/settings/health/Health";
import { Keys } from "@/settings/keys/Keys";
import { Organisation } from "@/settings/organisation/Organisation";
import { Webhooks } from "@/settings/webhooks/Webhooks";

export const SETTINGS = "/studio/settings";

export type Part = {
  path: string;
  label: string;
  icon: typeof IconKey;
  /** What a key needs for it; without, everybody sees it. */
  scope?: Scope;
  view: ComponentType<{ session: Session }>;
};

const ALL: readonly Part[] = [
  {
    path: `${SETTINGS}/brands`,
    label: "Brands",
    icon: IconPalette,
    scope: "storyboards",
    view: Brands,
  },
  { path: `${SETTINGS}/keys`, label: "Keys", icon: IconKey, scope: "admin", view: Keys },
  {
    path: `${SETTINGS}/organisation`,
    label: "Organisation",
    icon: IconBuilding,
    view: Organisation,
  },
  {
    path: `${SETTINGS}/webhooks`,
    label: "Webhooks",
    icon: IconWebhook,
    scope: "webhooks",
    view: Webhooks,
  },
  {
    path: `${SETTINGS}/health`,
    label: "Health",
    icon: IconHeartbeat,
    scope: "admin",
    view: Health,
  },
];

/** The parts that the key opens. */
export function offered(session: Session): Part[] {
  return ALL.filter(({ scope }) => !scope || may(session, scope));
}
