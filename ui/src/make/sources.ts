import { textOf } from "@/shared/reading";

/** The most that the server takes, of text and of pictures. */
const MOST_TEXT = 256 * 1024;
const MOST_PICTURE = 10 * 1024 * 1024;
/** Several files at once are several storyboards. */
export const MOST_FILES = 20;
const PICTURES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

export type Source = { kind: "code" | "roadmap"; file: File };

/** A file as a source, or a sentence that says why it is none. */
export async function sourceOf(file: File): Promise<Source | string> {
  const name = file.name || "The file";
  try {
    return await read(file, name);
  } catch {
    return `“${name}” cannot be read. Is it a folder, or gone?`;
  }
}

async function read(file: File, name: string): Promise<Source | string> {
  if (file.size === 0) return `“${name}” is empty.`;
  if (PICTURES.has(file.type)) {
    if (file.size > MOST_PICTURE)
      return `“${name}” has ${size(file.size)}, and a screenshot may have 10 MB. Cut it to the part that counts.`;
    // One that cannot be read fails here, and not on its way to the server.
    await file.slice(0, 1).arrayBuffer();
    return { kind: "roadmap", file };
  }
  const text = await textOf(file.slice(0, MOST_TEXT));
  if (text === undefined)
    return `“${name}” is neither text nor a picture in PNG, JPEG, WebP or GIF.`;
  if (file.size <= MOST_TEXT) return { kind: "code", file: fileOf(text, name) };
  return `“${name}” has ${size(file.size)}, and a code file may have 256 KB. Take the part that does the work.`;
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** What gives a language away, the more certain first; the ending of a name tells it to the server. */
const SIGNS: readonly [string, RegExp][] = [
  ["php", /^\s*<\?php/],
  ["sh", /^#!.*\b(?:ba|z)?sh\b/],
  ["py", /^#!.*python|^\s*(?:def \w+\(.*\).*:|from [\w.]+ import |class \w+.*:\s*$)/m],
  ["go", /^package \w+\s*$|^func (?:\(.*\) )?\w+\(/m],
  ["rs", /^\s*(?:pub )?fn \w+|^use \w+::|^impl\b/m],
  ["cs", /^using [\w.]+;|^namespace [\w.]+/m],
  ["kt", /^\s*(?:data class|fun \w+\()/m],
  ["swift", /^import (?:Foundation|SwiftUI|UIKit)|^\s*func \w+\(.*\)\s*->/m],
  ["java", /^import java|\bpublic (?:static |final )*(?:class|interface|void)\b/m],
  ["cpp", /^#include <\w+>|\bstd::/m],
  ["c", /^#include\b/m],
  ["sql", /^\s*(?:create (?:table|view|or replace)|select\b[\s\S]+\bfrom\b|insert into)\b/im],
  ["rb", /^\s*def \w+[^:]*$|^require ['"]/m],
  ["ts", /^\s*(?:export )?(?:interface|type|enum) \w+|: (?:string|number|boolean)\b/m],
  ["js", /\b(?:const|let|function)\b|=>/],
];

const DEFINED =
  /\b(?:class|interface|struct|def|fn|func|fun|function|type|table|view)\s+(\w{3,60})/i;

/** A name for code that was pasted without one: what it defines first, for boards speak of it. */
export function nameFor(text: string): string {
  const ending = SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? "txt";
  return `${DEFINED.exec(text)?.[1] ?? "code"}.${ending}`;
}

export function fileOf(text: string, name: string): File {
  return new File([text], name, { type: "text/plain" });
}

/** Whether somebody who pastes this means code, not a password or an address. */
export function looksLikeCode(text: string): boolean {
  return text.trim().split("\n").length > 1;
}

/** A file of ours, for whoever has none at hand; it is the one of which samples are drawn. */
export async function sample(): Promise<File> {
  const told = await import("../../../src/storyloom/storyboard/data/sample_code.txt?raw");
  return fileOf(told.default, "roi_calculator.py");
}
