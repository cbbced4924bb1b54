/** What went wrong, in the words of the server. */
export class Fault extends Error {
  override readonly name = "Fault";

  constructor(
    /** A sentence for a person. */
    message: string,
    /** A stable word for programs; `offline` where no server answered. */
    readonly code: string,
    readonly status: number,
    /** What was wrong with which field of the request, by the field's path. */
    readonly fields: Readonly<Record<string, string>> = {},
    readonly requestId: string | null = null,
  ) {
    super(message);
  }

  /** Whether asking again, unchanged, may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The code of a fault where no server answered. */
export const OFFLINE = "offline";
const NO_ANSWER = "The server does not answer. What you see is as of the last time that it did.";

/** Reads any of the bodies in which the server tells what is wrong; an `onError` gives nothing. */
export function fault(): Fault;
export function fault(response: Response): Promise<Fault>;
export function fault(response?: Response): Fault | Promise<Fault> {
  return response ? read(response) : new Fault(NO_ANSWER, OFFLINE, 0);
}

type Told = Record<string, unknown>;

async function read(response: Response): Promise<Fault> {
  const told = (await response.json().catch(() => ({}))) as Told;
  const fields = fieldsOf(told);
  const said = [told.detail, told.error, told.title, Object.values(fields)[0]];
  const message = said.find((one): one is string => typeof one === "string" && one !== "");
  return new Fault(
    message ?? `The server answered with ${response.status}.`,
    typeof told.code === "string" ? told.code : `http_${response.status}`,
    response.status,
    fields,
    response.headers.get("X-Request-Id"),
  );
}

/** Problem details have `errors` with pointers; the documented routes have `detail` with `loc`. */
function fieldsOf(told: Told): Record<string, string> {
  const rows = [told.errors, told.detail].find(Array.isArray) ?? [];
  return Object.fromEntries((rows as Told[]).map((row) => [pathOf(row), saying(row)]));
}

function pathOf(row: Told): string {
  if (Array.isArray(row.loc)) return row.loc.slice(1).join(".");
  const pointer = row.pointer ?? row.parameter ?? "";
  return String(pointer).replace(/^#?\//, "").replaceAll("/", ".");
}

function saying(row: Told): string {
  return String(row.msg ?? row.detail ?? "");
}
