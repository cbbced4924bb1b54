import { emit, type LiveEvent, setConnection } from "@/live/bus";

/** Every kind of event that views here care about; docs/events.md has them all. */
const TYPES = [
  "job.accepted",
  "job.started",
  "job.progress",
  "job.waiting",
  "job.completed",
  "job.failed",
  "job.cancelled",
  "run.shots",
  "run.shot",
  "session.changed",
  "session.deleted",
  "notification.created",
  "notification.acknowledged",
] as const;
const AGAIN_MS = 3000;
const CHANNEL = "storyloom.events";
const LEADER = "storyloom.stream";

type Word = { event: LiveEvent } | { connected: boolean; anew?: boolean };
/** What a tab that comes later asks the one that holds the stream. */
const ASK = "connected?";

/**
 * Follows the server's events until the returned function is called.
 *
 * Browsers open six connections to one server, whatever the number of tabs. So one tab holds the stream
 * and tells the others; when it is closed, another one takes its place.
 */
export function follow(): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const leaving = new AbortController();
  let told: Word | undefined;
  channel.onmessage = ({ data }: MessageEvent<Word | typeof ASK>) => {
    if (data !== ASK) hear(data);
    else if (told) channel.postMessage(told);
  };
  channel.postMessage(ASK);
  const tell = (word: Word) => {
    if ("connected" in word) told = { connected: word.connected };
    hear(word);
    channel.postMessage(word);
  };
  // Without the lock (an address without https) each tab has a stream of its own.
  const hold = () => stream(tell, leaving.signal);
  const led = navigator.locks?.request(LEADER, { signal: leaving.signal }, hold) ?? hold();
  led.catch(() => {});
  return () => {
    leaving.abort();
    channel.close();
  };
}

function hear(word: Word): void {
  if ("event" in word) emit(word.event);
  else setConnection(word.connected, word.anew);
}

/** Holds the stream until `leaving`; the browser comes again by itself, and with the last event's id. */
function stream(tell: (word: Word) => void, leaving: AbortSignal): Promise<void> {
  return new Promise((left) => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource("/v1/events");
      source.addEventListener("ready", () => tell({ connected: true, anew: true }));
      for (const type of TYPES)
        source.addEventListener(type, ({ data }) => tell({ event: JSON.parse(data) as LiveEvent }));
      source.onerror = () => {
        tell({ connected: false });
        // Refused for good, as when the log no longer has the place: begin anew.
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
      };
    };
    leaving.addEventListener("abort", () => {
      clearTimeout(timer);
      source?.close();
      left();
    });
    open();
  });
}
