import { Link, useLocation } from "wouter";
import type { Part } from "@/settings/parts";
import classes from "@/settings/parts.module.css";

/** The way from part to part. */
export function Parts({ parts }: { parts: readonly Part[] }) {
  const [here] = useLocation();
  return (
    <nav className={classes.parts} aria-label="Settings">
      {parts.map(({ path, label, icon: Icon }) => (
        <Link
          key={path}
          href={path}
          className={classes.part}
          aria-current={here.startsWith(path) ? "page" : undefined}
        >
          <Icon size={18} aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  );
}
