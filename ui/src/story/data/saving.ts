import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { checkBeat, checkLook, checkPrompts } from "@/story/data/agreeing";
import { changeSession } from "@/story/data/changing";
import { type BeatEdit, rawPrompts, withBeat, withLook } from "@/story/data/edits";
import type { Doc, Entry } from "@/story/data/episode";
import type { Change as ChangeDraft } from "@/story/drafts/Drafts";
import { type Draft, isEmpty, withoutSent } from "@/story/drafts/draft";

type Change = { sent: Draft } & (
  | { what: "beat"; id: string; before: BeatEdit; after: BeatEdit; keepsPrompts: boolean }
  | { what: "look"; entry: Entry; look: string }
);

/**
 * Saves a change of a session as it is at that moment: others may have added to it meanwhile. Where they have
 * changed the same, that is not written over, and whoever writes decides. Changes made here go one after the other.
 * What was sent is no draft any more, whether or not it is still shown; what was typed since is.
 */
export function useSaving(timestamp: number, changeDraft: ChangeDraft) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: `session ${timestamp}` },
    mutationFn: async (change: Change) => {
      if (change.what === "look") {
        const { entry, look } = change;
        return save(timestamp, (doc) => {
          checkLook(doc, entry, look);
          return withLook(doc, entry, look);
        });
      }
      const { id, before, after, keepsPrompts } = change;
      const isTold = says(before) !== says(after);
      if (isTold)
        await save(timestamp, (doc) => {
          checkBeat(doc, id, before, after);
          return withBeat(doc, id, before, after, keepsPrompts);
        });
      const written = Object.entries(after.prompts).filter(
        ([kind, words]) => words.trim() && words !== before.prompts[kind],
      );
      if (!written.length) return;
      const words = Object.fromEntries(written);
      await prompt(timestamp, id, words, (doc) =>
        checkPrompts(doc, id, before.prompts, words, isTold),
      );
    },
    onSettled: async (_told, error, { sent }) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["session", String(timestamp)], exact: true }),
        // What is made may be older than the story now.
        client.invalidateQueries({ queryKey: ["story_run"] }),
      ]);
      if (error) return;
      changeDraft((now) => {
        const left = now && withoutSent(now, sent);
        return left && !isEmpty(left) ? left : undefined;
      });
    },
  });
}

function says({ prompts: _, ...beat }: BeatEdit): string {
  return JSON.stringify(beat);
}

function save(timestamp: number, edit: (doc: Doc) => Doc): Promise<void> {
  return changeSession(timestamp, (doc, header) =>
    api.POST("/api/v1/session/save", { params: { header }, body: edit(doc) }),
  );
}

/** Other words for a beat; its parameters, such as its size, stay as they are. */
function prompt(
  timestamp: number,
  id: string,
  words: Record<string, string>,
  check: (doc: Doc) => void,
): Promise<void> {
  return changeSession(timestamp, (doc, header) => {
    check(doc);
    const kept = rawPrompts(doc, id);
    const prompts = Object.entries(words).map(([kind, text]) => {
      const given = kept[kind];
      return [kind, typeof given === "object" ? { ...given, prompt: text } : text];
    });
    const params = { path: { session_timestamp: String(timestamp) }, header };
    const sent = { prompts: { [id]: Object.fromEntries(prompts) } };
    return api.POST("/api/v1/session/{session_timestamp}/prompts", { params, body: sent });
  });
}
