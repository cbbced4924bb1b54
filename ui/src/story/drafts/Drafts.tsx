import {
  createContext,
  type PropsWithChildren,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { type Draft, isEmpty } from "@/story/drafts/draft";

/**
 * All that is being typed into stories: it outlives the places where it is typed, which others may move, and
 * the view, which one may leave for another.
 */
class Store {
  private drafts: ReadonlyMap<string, Draft> = new Map();
  private readonly watchers = new Set<() => void>();

  all = (): ReadonlyMap<string, Draft> => this.drafts;

  hasWords = (): boolean => [...this.drafts.values()].some((draft) => !isEmpty(draft));

  set(name: string, draft: Draft | undefined): void {
    const drafts = new Map(this.drafts);
    if (draft) drafts.set(name, draft);
    else drafts.delete(name);
    this.drafts = drafts;
    for (const watcher of this.watchers) watcher();
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };
}

const Context = createContext(new Store());

export function DraftsKept({ children }: PropsWithChildren) {
  const [store] = useState(() => new Store());
  useAskedBeforeLost(useSyncExternalStore(store.watch, store.hasWords));
  return <Context value={store}>{children}</Context>;
}

/** The browser asks whoever closes or reloads the page, only while there is something to lose. */
function useAskedBeforeLost(isLost: boolean) {
  useEffect(() => {
    if (!isLost) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isLost]);
}

type Kept = Draft | undefined;
export type Change = (next: Kept | ((now: Kept) => Kept)) => void;

/** One draft, and what changes it; nothing takes it away. */
export function useDraft(name: string): [Draft | undefined, Change] {
  const store = useContext(Context);
  const draft = useSyncExternalStore(store.watch, () => store.all().get(name));
  const change: Change = useCallback(
    (next) => store.set(name, typeof next === "function" ? next(store.all().get(name)) : next),
    [store, name],
  );
  return [draft, change];
}

/** All drafts by their names, and what takes one away. */
export function useDrafts(): [ReadonlyMap<string, Draft>, (name: string) => void] {
  const store = useContext(Context);
  const all = useSyncExternalStore(store.watch, store.all);
  return [all, useCallback((name) => store.set(name, undefined), [store])];
}
