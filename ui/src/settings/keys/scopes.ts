import type { Scope } from "@/session/session";

/** What each scope opens, in one sentence. */
export const SCOPES: Record<Scope, { label: string; says: string }> = {
  storyboards: {
    label: "Storyboards",
    says: "Make storyboards from code and roadmaps, and keep brands.",
  },
  stories: {
    label: "Stories",
    says: "Save scripts, start runs, and see their pictures and notices.",
  },
  gpu: { label: "GPU", says: "See what the graphics cards do, and wait for them." },
  engine: { label: "Image engine", says: "Start and stop SwarmUI, for everybody on this server." },
  webhooks: {
    label: "Webhooks",
    says: "Have everything that happens here told to any address; give it to few.",
  },
  admin: {
    label: "Everything",
    says: "All of these, and keys, the server's health and its figures.",
  },
};
