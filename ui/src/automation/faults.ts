import { Fault } from "@/api/fault";

/** What the server says against each field of a form, by the field's path. */
export type Faults = Readonly<Record<string, string>>;

/** The parts of the form that say themselves what is wrong with them. */
const SAYING = /^(gpu|quietHours)\.|^(style|model|imagesPerPrompt|maxGpuWait|maxPromptsWait)$/;

export function faultsOf(error: unknown): Faults {
  return error instanceof Fault ? error.fields : {};
}

/** Limits that have to fit each other: the fault stands at one, and either may be changed. */
const FITS: Faults = {
  "gpu.resumeUtilization": "gpu.maxUtilization",
  "gpu.resumeTemperature": "gpu.maxTemperature",
};

/** The faults of what is still as it was sent. */
export function faultsLeft(faults: Faults, sent: unknown, now: unknown): Faults {
  const isSame = (path: string) => valueAt(sent, path) === valueAt(now, path);
  return Object.fromEntries(
    Object.entries(faults).filter(([path]) => isSame(path) && isSame(FITS[path] ?? path)),
  );
}

function valueAt(whole: unknown, path: string): string | undefined {
  const within = (part: unknown, name: string) => (part as Record<string, unknown> | null)?.[name];
  return JSON.stringify(path.split(".").reduce(within, whole));
}

/** Whether every fault stands at its field, so that none is left to be told below. */
export function areAllSaid(faults: Faults): boolean {
  const paths = Object.keys(faults);
  return paths.length > 0 && paths.every((path) => SAYING.test(path));
}

/** The first fault of a field that has several values. */
export function faultWithin(faults: Faults, path: string): string | undefined {
  return Object.entries(faults).find(([at]) => at === path || at.startsWith(`${path}.`))?.[1];
}
