import { useDebouncedCallback } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import { api, body, type Schema } from "@/api/client";
import { Fault, OFFLINE } from "@/api/fault";
import type { Look } from "@/make/choices";
import type { Work } from "@/make/making";
import { awaitEnd, isPainted, lookOf } from "@/make/work";
import { freshKey } from "@/shared/freshKey";

/** What is chosen is clear at once; who writes pauses between words. */
const CHOSEN_MS = 150;
const WRITTEN_MS = 700;
const AGAIN_MS = 2000;

/** A headline of null is the one that was found. */
type Changed = Partial<Omit<Look, "custom_headline"> & { custom_headline: string | null }>;
type Asked = { base: Work; changed: Changed; key: string };

/**
 * Keeps a storyboard as its choices say. `base` is the last finished version, of which the next one is made;
 * `versions` are those that there are: what looks so already is shown, not made again.
 */
export function useRevising(work: Work | undefined, base: Work | undefined, versions: string[]) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [look, setLook] = useState<Look>();
  const taken = useRef<string>(undefined);
  const latest = useRef<Look>(undefined);
  useEffect(() => {
    // The choices of a version are taken over once; the page's own versions are as chosen.
    if (!work || taken.current === work.id) return;
    taken.current = work.id;
    latest.current = lookOf(work);
    setLook(latest.current);
  }, [work]);

  const revise = useMutation({
    mutationFn: ({ base, changed, key }: Asked) =>
      body(
        api.POST("/storyboard/jobs/{job_id}/revise", {
          params: { path: { job_id: base.id }, header: { "Idempotency-Key": key } },
          body: asked(changed),
        }),
      ),
    // What was chosen while no server answered is drawn as soon as one does; its key makes it once.
    retry: (_, error) => error instanceof Fault && error.code === OFFLINE,
    retryDelay: AGAIN_MS,
    onSuccess: ({ job_id }) => {
      show(job_id);
      // Where that fails, events tell of it all the same.
      void awaitEnd(client, job_id).catch(() => {});
      void client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });

  const settle = () => {
    if (!base || !latest.current) return;
    const changed = difference(latest.current, lookOf(base));
    const same = like(latest.current);
    if (same) {
      if (same !== work?.id) show(same);
    } else if (Object.keys(changed).length > 0) revise.mutate({ base, changed, key: freshKey() });
  };
  const soon = useDebouncedCallback(settle, CHOSEN_MS);
  const later = useDebouncedCallback(settle, WRITTEN_MS);

  function change(changed: Partial<Look>, isWritten = "custom_headline" in changed) {
    if (!latest.current) return;
    latest.current = { ...latest.current, ...changed };
    setLook(latest.current);
    // A painted page is paid for each time, so somebody has to say so.
    if (isPainted(base)) return;
    soon.cancel();
    later.cancel();
    if (isWritten) later();
    else soon();
  }

  function show(id: string) {
    taken.current = id;
    go(`/studio/make/${id}`);
  }

  function like(wanted: Look): string | undefined {
    return versions.findLast((id) => {
      const made = client.getQueryData<Work>(["work", id]);
      const isThere = made && (made.status === "succeeded" || made.id === work?.id);
      return isThere && made.status !== "failed" && isSame(lookOf(made), wanted);
    });
  }

  // What was chosen before there was a picture is done once there is one.
  const settleNow = useEffectEvent(() => isPainted(base) || settle());
  useEffect(() => {
    if (base?.id) settleNow();
  }, [base?.id]);

  const isChanged = look && base ? Object.keys(difference(look, lookOf(base))).length > 0 : false;
  const takeFound = () => change({ custom_headline: "" }, false);
  return { look, change, takeFound, settle, isChanged, revise };
}

/** The presets that an operator adds are in no type. */
function asked(changed: Changed): Schema<"RevisionRequest"> {
  return { new_art: false, ...changed } as Schema<"RevisionRequest">;
}

/** What is to be other than before. */
function difference(wanted: Look, before: Look): Changed {
  const fields = Object.entries(tidy(wanted)) as [keyof Look, string][];
  const changed = fields.filter(([name, value]) => value !== before[name]);
  return Object.fromEntries(changed.map(([name, value]) => [name, value || null]));
}

function isSame(one: Look, other: Look): boolean {
  const wanted = Object.entries(tidy(other)) as [keyof Look, string][];
  return wanted.every(([name, value]) => one[name] === value);
}

function tidy(look: Look): Look {
  return { ...look, custom_headline: look.custom_headline.trim() };
}
