import { useEffect } from "react";

/** A dialog that is there only while it is open gives the focus back to whoever opened it. */
export function useFocusBack() {
  useEffect(() => {
    const opener = document.activeElement;
    return () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
}
