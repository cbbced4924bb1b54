import { Fault } from "@/api/fault";
import { type Doc, read } from "@/story/data/episode";

type Expected = { "if-match"?: string };

/**
 * Changes a story as it is now. Where somebody else was faster, it is asked again, about what they have left;
 * it throws where others have changed the same.
 */
export async function changeSession(
  timestamp: number,
  ask: (doc: Doc, expected: Expected) => Promise<unknown>,
): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    const { doc, etag } = await read(timestamp);
    try {
      await ask(doc, etag === null ? {} : { "if-match": etag });
      return;
    } catch (error) {
      if (!(error instanceof Fault && error.code === CHANGED)) throw error;
    }
  }
  throw new Fault(CONTESTED, CHANGED, PRECONDITION_FAILED);
}

const TRIES = 5;
const CHANGED = "session_changed";
const PRECONDITION_FAILED = 412;
const CONTESTED =
  "Somebody else keeps changing this story. What you wrote is kept here: save it again in a moment.";
