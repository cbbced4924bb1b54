const UTF_8 = "utf-8";
/** What older programs of the Western world write; it gives every byte a letter. */
const OLDER = "windows-1252";
const ESCAPE = 27;

/**
 * The text of a file in UTF-8, in UTF-16 with its mark, or in an older code page, as the command line reads it;
 * nothing where it is no text. Fails where the file cannot be read: a folder, or one that is gone.
 */
export async function textOf(file: Blob): Promise<string | undefined> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text =
    decoded(bytes, markedAs(bytes) ?? UTF_8) ?? (isWritten(bytes) && decoded(bytes, OLDER));
  return text === false || text?.includes("\0") ? undefined : text;
}

function markedAs([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

function decoded(bytes: Uint8Array<ArrayBuffer>, as: string): string | undefined {
  try {
    return new TextDecoder(as, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether all of it may have been typed: no control characters but those for spaces, lines and colours. */
function isWritten(bytes: Uint8Array): boolean {
  return bytes.every((one) => one >= 32 || (one >= 7 && one < 14) || one === ESCAPE);
}
