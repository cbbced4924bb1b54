import type { Beat, Entry, Episode } from "@/story/data/episode";

export function nameOfBeat(timestamp: number, { id }: Beat): string {
  return `${ofStory(timestamp)}beats/${id}`;
}

export function nameOfLook(timestamp: number, { kind, id }: Entry): string {
  return `${ofStory(timestamp)}${kind}/${id}`;
}

/** What the names of all drafts of a story begin with. */
export function ofStory(timestamp: number): string {
  return `${timestamp}/`;
}

/** The names of all drafts that have a place in the story. */
export function namesIn(timestamp: number, { scenes, bible }: Episode): ReadonlySet<string> {
  const beats = scenes.flatMap((scene) => scene.beats.map((beat) => nameOfBeat(timestamp, beat)));
  return new Set([...beats, ...bible.map((entry) => nameOfLook(timestamp, entry))]);
}
