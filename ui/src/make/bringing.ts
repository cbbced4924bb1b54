import { useEffect, useRef } from "react";
import { useDropped } from "@/shared/dropping";

/** What somebody has dropped or pasted. */
export type Brought = { files?: File[]; text?: string };

/**
 * Hears files that are dropped anywhere on the page, and files and text that are pasted where nobody writes.
 * Tells whether files are being dragged over it.
 */
export function useBrought(onBrought: (brought: Brought) => void): boolean {
  const hear = useRef(onBrought);
  hear.current = onBrought;
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (files.length > 0 && !text) hear.current({ files });
      else if (text && !isWriting(event.target)) hear.current({ text });
      else return;
      event.preventDefault();
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, []);
  return useDropped((files) => hear.current({ files }));
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, [contenteditable]") !== null;
}
