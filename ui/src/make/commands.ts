import type { Priority } from "@/make/choices";

export type Asked = {
  kind: "code" | "roadmap";
  fileName: string;
  input: Record<string, unknown>;
  priority: Priority;
  labels: Record<string, string>;
};

/** The curl command that asks for the same. Nothing in a name or a headline is more than text in it. */
export function curlOf({ kind, fileName, input, priority, labels }: Asked, server: string): string {
  const text = (name: string, value: string) => `--form-string ${quoted(`${name}=${value}`)}`;
  const lines = [
    `curl -sS ${quoted(`${server}/v1/jobs`)}`,
    `-H "Authorization: Bearer $STORYLOOM_KEY"`,
    "-H 'Prefer: wait=60'",
    text("kind", `${kind}_to_storyboard`),
    text("input", JSON.stringify(input)),
    ...(priority === "normal" ? [] : [text("priority", priority)]),
    ...(Object.keys(labels).length > 0 ? [text("labels", JSON.stringify(labels))] : []),
    // Within quotation marks curl takes `;` and `,` of a name as they are.
    `-F ${quoted(`file=@"${fileName.replace(/["\\]/g, "\\$&")}"`)}`,
  ];
  return lines.join(" \\\n  ");
}

/** The lines of Python that ask for the same, wait, and save the picture. */
export function pythonOf(
  { kind, fileName, input, priority, labels }: Asked,
  server: string,
): string {
  const options = [
    `        asked=${literal(input)},`,
    ...(Object.keys(labels).length > 0 ? [`        labels=${literal(labels)},`] : []),
    ...(priority === "normal" ? [] : [`        priority=${literal(priority)},`]),
  ];
  return [
    "import os",
    "from pathlib import Path",
    "",
    "from storyloom.client import Client",
    "from storyloom.work.schemas import WorkKind",
    "",
    `with Client(${literal(server)}, key=os.environ.get("STORYLOOM_KEY")) as client:`,
    "    work = client.jobs.upload(",
    `        WorkKind.${kind.toUpperCase()},`,
    `        Path(${literal(fileName)}),`,
    ...options,
    "    )",
    "    client.wait(work.id)",
    '    client.download(work.id, Path("storyboard.png"))',
  ].join("\n");
}

/** One word for a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function literal(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(([name, one]) => `${literal(name)}: ${literal(one)}`);
    return `{${pairs.join(", ")}}`;
  }
  return JSON.stringify(value ?? "");
}
