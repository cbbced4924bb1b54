import { textOf } from "@/shared/reading";

/** The server takes no longer ones. */
export const LONGEST = 2_000_000;
export const KINDS = ".txt,.fountain,.md,.spmd,text/plain,text/markdown";

/** The text of the file that was brought; fails with a sentence where it is none that can be told as a story. */
export async function readScript(files: readonly File[]): Promise<string> {
  const [file] = files;
  if (!file || files.length > 1)
    throw new Error("A story is one script. Bring one file at a time.");
  const name = `“${file.name}”`;
  if (file.size > LONGEST * 4) throw new Error(`${name} is too long: two million characters fit.`);
  const script = await textOf(file).catch(() => {
    throw new Error(`${name} cannot be read. Is it a folder, or gone?`);
  });
  if (script === undefined)
    throw new Error(`${name} is no text. A script is a .fountain, .txt or .md file.`);
  if (!script.trim()) throw new Error(`${name} is empty.`);
  if (script.length > LONGEST) throw new Error(`${name} is too long: two million characters fit.`);
  return script;
}

/** The sample comes with the page, and is loaded when somebody wants it. */
export async function sample(): Promise<string> {
  const { default: script } = await import("../../../../examples/story/the_last_lamp.fountain?raw");
  return script;
}
