import {
  keepPreviousData,
  type QueryClient,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, body } from "@/api/client";
import type { Format, Look } from "@/make/choices";
import type { Work } from "@/make/making";

/** So many versions before one are looked up. */
const MOST_BEFORE = 20;
const LONGEST_S = 20;

export function useWork(id: string) {
  return useQuery(workQuery(id));
}

export function workQuery(id: string) {
  return { queryKey: ["work", id], queryFn: () => workOf(id) };
}

export function workOf(id: string): Promise<Work> {
  return body(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } }));
}

/** Learns of the end of a job as it comes; of events it is heard when some have gathered. */
export async function awaitEnd(client: QueryClient, id: string): Promise<void> {
  const params = { path: { job_id: id }, query: { wait: LONGEST_S } };
  const work = await body(api.GET("/v1/jobs/{job_id}", { params }));
  await client.cancelQueries({ queryKey: ["work", id] });
  client.setQueryData(["work", id], work);
}

/** The steps of a job, as far as they are. */
export function useTimeline(id: string) {
  return useQuery({
    queryKey: ["timeline", id],
    queryFn: () =>
      body(api.GET("/v1/jobs/{job_id}/timeline", { params: { path: { job_id: id } } })),
  });
}

export type Words = {
  /** Field by field. */
  said: Record<string, string>;
  isByModel: boolean;
  /** The headline of the source, where it has somebody's own. */
  found: string | undefined;
  /** Whether they were written for other readers than it has now. */
  isForOthers: boolean;
};

/** What a finished storyboard says. */
export function useWords(work: Work | undefined) {
  return useQuery({
    queryKey: ["evidence", work?.id],
    enabled: work?.status === "succeeded",
    // The words of the version before stay until those of the next are there.
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<Words> => {
      const path = { job_id: work?.id ?? "" };
      const told = await body(api.GET("/v1/jobs/{job_id}/evidence", { params: { path } }));
      return {
        said: Object.fromEntries(told.claims.map(({ field, claim }) => [field, claim])),
        isByModel: told.read_by === "model",
        found: told.found_headline ?? undefined,
        isForOthers: !!told.written_for,
      };
    },
  });
}

/** The versions that led to this one, the first of them first; those that are forgotten are left out. */
export function useBefore(work: Work | undefined) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["before", work?.id],
    enabled: work !== undefined,
    queryFn: async () => {
      const ids: string[] = [];
      for (let id = revises(work); id && ids.length < MOST_BEFORE; ) {
        const next = id;
        const options = { queryKey: ["work", next], queryFn: () => workOf(next) };
        const before = await client.ensureQueryData(options).catch(() => undefined);
        if (!before) break;
        ids.unshift(next);
        id = revises(before);
      }
      return ids;
    },
  });
}

export function revises(work: Work | undefined): string | undefined {
  return word(work?.input.revises);
}

/** What a job was asked to look like. */
export function lookOf({ input }: Work): Look {
  return {
    icp_preset: word(input.icp_preset) ?? "",
    stage: word(input.stage) ?? "",
    audience: word(input.audience) ?? "",
    format: (word(input.format) ?? "landscape") as Format,
    custom_headline: word(input.custom_headline) ?? "",
  };
}

export function isPainted(work: Work | undefined): boolean {
  return work?.input.render === "painted";
}

export function fileNameOf({ input, kind }: Work): string {
  return word(input.file_name) ?? (kind === "roadmap_to_storyboard" ? "roadmap.png" : "code.txt");
}

export function word(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function hasEnded({ status }: Pick<Work, "status">): boolean {
  return status === "succeeded" || status === "failed" || status === "canceled";
}

export function imageOf(id: string, format = "png"): string {
  return `/storyboard/jobs/${id}/image?format=${format}`;
}
