import {
  type Doc,
  type Entry,
  idOf,
  isElsewhere,
  object,
  objects,
  scenesOf,
  text,
} from "@/story/data/episode";

export type BeatEdit = {
  action: string;
  camera: string;
  decision: string;
  reuseOf: string;
  prompts: Record<string, string>;
};

/**
 * A session in which a beat is told otherwise. Prompts of which the server knows where they come from
 * stay: it writes its own anew, and keeps those that somebody has given. Others are left out where the
 * beat says something else now, so that they are written anew; another service is not asked meanwhile.
 */
export function withBeat(
  doc: Doc,
  beatId: string,
  before: BeatEdit,
  edit: BeatEdit,
  keepsPrompts: boolean,
): Doc {
  return eachBeat(doc, (beat, id) => {
    if (id !== beatId) return beat;
    const { prompts, ...said } = beat;
    const decision = {
      ...object(said.imageDecision),
      type: edit.decision,
      ...(edit.decision === before.decision ? {} : { reason: "Somebody has decided so." }),
      ...(edit.reuseOf ? { reuseOf: edit.reuseOf, reuseSourceBeatId: edit.reuseOf } : {}),
    };
    const isDecided = edit.decision !== before.decision || edit.reuseOf !== before.reuseOf;
    // Only what somebody has changed: others may have changed the rest a moment ago.
    const told = {
      ...said,
      ...(edit.action === before.action ? {} : { action: edit.action }),
      ...(edit.camera === before.camera ? {} : { cameraAngleSuggestion: edit.camera }),
      ...(isDecided ? { imageDecision: decision } : {}),
    };
    const isTold = edit.action !== before.action || edit.camera !== before.camera;
    const stays = isElsewhere(doc) ? keepsPrompts : said.promptOrigins !== undefined;
    return isTold && !stays ? told : { ...told, ...(prompts === undefined ? {} : { prompts }) };
  });
}

/**
 * A session in which somebody or something looks otherwise, also in prompts that say so and of which
 * nobody knows where they come from.
 */
export function withLook(doc: Doc, { kind, id, look: before }: Entry, look: string): Doc {
  const episode = object(doc.analyzedEpisode);
  const bible = object(episode.bible);
  const entries = objects(bible[kind]).map((one) => (one.id === id ? { ...one, look } : one));
  const changed = {
    ...doc,
    analyzedEpisode: { ...episode, bible: { ...bible, [kind]: entries } },
  };
  if (!before) return changed;
  return eachBeat(changed, (beat) => ({
    ...beat,
    ...(beat.prompts === undefined || beat.promptOrigins !== undefined
      ? {}
      : { prompts: replaced(beat.prompts, before, look) }),
  }));
}

/** The prompts of a beat by their kind, as they are kept; one alone is the cinematic one. */
export function rawPrompts(doc: Doc, beatId: string): Doc {
  const beats = scenesOf(doc).flatMap((scene) => objects(scene.beats));
  const prompts = beats.find((beat, at) => idOf(beat, at + 1) === beatId)?.prompts;
  const isAlone = typeof prompts === "string" || text(object(prompts).prompt) !== "";
  return isAlone ? { cinematic: prompts } : object(prompts);
}

function eachBeat(doc: Doc, edit: (beat: Doc, id: string) => Doc): Doc {
  const episode = object(doc.analyzedEpisode);
  let place = 0;
  const scenes = scenesOf(doc).map((scene) => ({
    ...scene,
    beats: objects(scene.beats).map((beat) => edit(beat, idOf(beat, ++place))),
  }));
  const told = Array.isArray(episode.scenes) ? { ...episode, scenes } : (scenes[0] ?? episode);
  return { ...doc, analyzedEpisode: told };
}

/** A look stands in a prompt word for word, at the start of a sentence with a capital. */
function replaced(prompts: unknown, before: string, look: string): unknown {
  if (typeof prompts === "string")
    return prompts.replaceAll(before, look).replaceAll(capital(before), capital(look));
  const entries = Object.entries(object(prompts));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isWords = typeof value === "object" || name !== "negativeprompt";
      const isText = text(value) !== "" || typeof value === "object";
      return [name, isWords && isText && value !== null ? replaced(value, before, look) : value];
    }),
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
