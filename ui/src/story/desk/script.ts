/** The server takes no longer ones. */
export const LONGEST = 2_000_000;
export const KINDS = ".txt,.fountain,.md,.spmd,text/plain,text/markdown";

/** The text of a dropped file; fails with a sentence where it is none that can be told as a story. */
export async function readScript(file: File): Promise<string> {
  if (file.size > LONGEST * 4) throw new Error("The file is too long: two million characters fit.");
  const script = await file.text();
  if (script.includes("\0"))
    throw new Error("The file is no text. A script is a .fountain, .txt or .md file.");
  if (!script.trim()) throw new Error("The file is empty.");
  if (script.length > LONGEST)
    throw new Error("The script is too long: two million characters fit.");
  return script;
}

/** The sample comes with the page, and is loaded when somebody wants it. */
export async function sample(): Promise<string> {
  const { default: script } = await import("../../../../examples/story/the_last_lamp.fountain?raw");
  return script;
}
