import type { ReactNode } from "react";
import classes from "@/shared/LetGo.module.css";

/** What becomes of the files that are being dragged over the page. */
export function LetGo({ children }: { children: ReactNode }) {
  return (
    <div className={classes.over} aria-hidden>
      {children}
    </div>
  );
}
