import { useQuery } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import { Fault } from "@/api/fault";

export type Prompt = { prompt: string } & Record<string, unknown>;
export type Beat = {
  id: string;
  /** Its own also where others have the same id. */
  key: string;
  /** Among all beats, from 1. */
  place: number;
  text: string;
  action: string;
  camera: string;
  decision: string;
  reason: string;
  reuseOf: string;
  characters: string[];
  prompts: Record<string, string>;
  /** Kinds whose words somebody has given. */
  given: string[];
};
export type Scene = { title: string; synopsis: string; beats: Beat[] };
export type Entry = {
  kind: "characters" | "places" | "props";
  id: string;
  name: string;
  look: string;
  states: string[];
};
export type Episode = {
  title: string;
  script: string;
  scenes: Scene[];
  bible: Entry[];
  toCome: number;
  /** Another service writes its prompts. */
  isElsewhere: boolean;
};
export type Doc = Record<string, unknown>;

/**
 * What another service writes into Redis may be told to nobody until somebody reads it: behind some proxies,
 * and while the server's connection is away. So whoever comes, or comes back, reads it.
 */
const SEEN_ANEW = { refetchOnMount: "always" } as const;

/** A session, whoever has written it: all of it may be missing, or something else. */
export function useEpisode(timestamp: number) {
  return useQuery({
    queryKey: ["session", String(timestamp)],
    queryFn: async () => episodeOf((await read(timestamp)).doc),
    ...SEEN_ANEW,
    refetchOnWindowFocus: "always",
  });
}

/** Whether there is no such session, or no longer. */
export function isGone({ error }: ReturnType<typeof useEpisode>): boolean {
  return error instanceof Fault && error.status === NOT_FOUND;
}

const NOT_FOUND = 404;

/** The newest sessions, each with what a list shows of it. */
export function useSessions() {
  return useQuery({
    queryKey: ["sessions", "newest"],
    queryFn: async () => {
      const query = { limit: SESSIONS };
      const page = await body(api.GET("/api/v1/session/list", { params: { query } }));
      return page.sessions.map((one) => ({
        timestamp: one.timestamp,
        episode: episodeOf({ scriptText: one.scriptText, analyzedEpisode: one.analyzedEpisode }),
      }));
    },
    ...SEEN_ANEW,
  });
}

const SESSIONS = 20;

/** A session as it is now, and which version of it that is; null where something on the way leaves that out. */
export type Read = { doc: Doc; etag: string | null };

export async function read(timestamp: number): Promise<Read> {
  const path = { session_timestamp: String(timestamp) };
  const asked = api.GET("/api/v1/session/{session_timestamp}", { params: { path } });
  const { data: doc } = await body(asked);
  return { doc, etag: (await asked).response.headers.get("ETag") };
}

export function episodeOf(doc: Doc): Episode {
  const episode = object(doc.analyzedEpisode);
  const script = text(doc.scriptText);
  let place = 0;
  const known = new Map<string, number>();
  const scenes = scenesOf(doc).map((scene) => ({
    title: text(scene.title),
    synopsis: text(object(scene.metadata).synopsis),
    beats: objects(scene.beats).map((beat) => beatOf(beat, ++place, known)),
  }));
  const bible = object(episode.bible);
  return {
    title: text(episode.title) || firstLine(script) || "A story without a title",
    script,
    scenes,
    bible: (["characters", "places", "props"] as const).flatMap((kind) =>
      objects(bible[kind]).map((one) => entryOf(kind, one)),
    ),
    toCome: Number(episode.scenesToCome) || 0,
    isElsewhere: isElsewhere(doc),
  };
}

export function isElsewhere(doc: Doc): boolean {
  return text(doc.promptMode).trim().toLowerCase() === "storyswarm";
}

/** Scenes as they lie in a session; beats that lie outside of scenes are one. */
export function scenesOf(doc: Doc): Doc[] {
  const episode = object(doc.analyzedEpisode);
  if (Array.isArray(episode.scenes)) return objects(episode.scenes);
  return Array.isArray(episode.beats) ? [episode] : [];
}

export function idOf(beat: Doc, place: number): string {
  return typeof beat.beatId === "string" || typeof beat.beatId === "number"
    ? String(beat.beatId)
    : String(place);
}

function beatOf(beat: Doc, place: number, known: Map<string, number>): Beat {
  const decision = object(beat.imageDecision);
  const id = idOf(beat, place);
  const before = known.get(id) ?? 0;
  known.set(id, before + 1);
  return {
    id,
    key: `${id} ${before}`,
    place,
    text: text(beat.beat_script_text) || text(beat.text) || text(beat.beatText),
    action: text(beat.action),
    camera: text(beat.cameraAngleSuggestion),
    decision: text(decision.type) || "NEW_IMAGE",
    reason: text(decision.reason),
    reuseOf: text(decision.reuseOf) || text(decision.reuseSourceBeatId),
    characters: Array.isArray(beat.characters) ? beat.characters.map(text).filter(Boolean) : [],
    prompts: promptsOf(beat.prompts),
    given: givenIn(beat.promptOrigins),
  };
}

function promptsOf(given: unknown): Record<string, string> {
  const alone = wordsOf(given);
  if (alone) return { cinematic: alone };
  const kinds = Object.entries(object(given)).map(([kind, one]) => [kind, wordsOf(one)] as const);
  return Object.fromEntries(kinds.filter(([, words]) => words));
}

function givenIn(origins: unknown): string[] {
  const kinds = Object.entries(object(origins));
  return kinds.filter(([, origin]) => !text(object(origin).words)).map(([kind]) => kind);
}

function wordsOf(prompt: unknown): string {
  return text(prompt) || text(object(prompt).prompt);
}

function entryOf(kind: Entry["kind"], one: Doc): Entry {
  const states = objects(one.states).map((state) => text(state.words));
  return { kind, id: text(one.id), name: text(one.name), look: text(one.look), states };
}

function firstLine(script: string): string {
  const line = script.split("\n", 40).find((one) => one.trim()) ?? "";
  return line
    .replace(/^Title:\s*/i, "")
    .trim()
    .slice(0, TITLE_LENGTH);
}

const TITLE_LENGTH = 80;

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function object(value: unknown): Doc {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Doc) : {};
}

export function objects(value: unknown): Doc[] {
  return Array.isArray(value) ? value.map(object) : [];
}
