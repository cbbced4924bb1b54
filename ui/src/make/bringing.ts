import { useEffect, useRef, useState } from "react";

/** What somebody has dropped or pasted. */
export type Brought = { files?: File[]; text?: string };

/**
 * Hears files that are dropped anywhere on the page, and files and text that are pasted where nobody writes.
 * Tells whether files are being dragged over it.
 */
export function useBrought(onBrought: (brought: Brought) => void): boolean {
  const [over, setOver] = useState(false);
  const hear = useRef(onBrought);
  hear.current = onBrought;
  useEffect(() => {
    // Each element on the way enters and leaves by itself.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      hear.current({ files: [...(event.dataTransfer?.files ?? [])] });
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (files.length > 0 && !text) hear.current({ files });
      else if (text && !isWriting(event.target)) hear.current({ text });
      else return;
      event.preventDefault();
    };
    const leaving = new AbortController();
    const { signal } = leaving;
    window.addEventListener("dragenter", enter, { signal });
    window.addEventListener("dragleave", leave, { signal });
    window.addEventListener("dragover", allow, { signal });
    window.addEventListener("drop", drop, { signal });
    window.addEventListener("paste", paste, { signal });
    return () => leaving.abort();
  }, []);
  return over;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, [contenteditable]") !== null;
}
