import { type ReactNode, useEffect, useState } from "react";
import classes from "@/make/Fade.module.css";

type Props = {
  src: string | undefined;
  alt: string;
  /** Width by height of what is shown or will be. */
  ratio: number;
  /** Instead of a picture, while there is none. */
  children?: ReactNode;
  onFail?: () => void;
};

/** A picture in a place that it keeps: the next one fades in over it once it is there. */
export function Fade({ src, alt, ratio, children, onFail }: Props) {
  const [[now, before], show] = useState<[string?, string?]>([]);
  useEffect(() => {
    if (!src) return;
    const next = new Image();
    let wanted = true;
    next.onload = () => {
      if (!wanted) return;
      show(([old]) => (old && old !== src ? [src, old] : [src]));
    };
    next.onerror = () => wanted && onFail?.();
    next.src = src;
    return () => {
      wanted = false;
    };
  }, [src, onFail]);
  const isWaiting = src !== undefined && now !== src;
  return (
    <div className={classes.frame} style={{ aspectRatio: ratio }} aria-busy={isWaiting}>
      {now ? (
        <>
          {before && <img key={before} className={classes.picture} src={before} alt="" />}
          <img key={now} className={classes.next} src={now} alt={alt} data-picture />
        </>
      ) : (
        <div className={classes.empty}>{children}</div>
      )}
    </div>
  );
}
