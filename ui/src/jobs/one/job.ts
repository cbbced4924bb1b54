import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { hasEnded, type Job } from "@/jobs/words";

const of = (id: string) => ({ params: { path: { job_id: id } } });

/** One job; whatever is asked of it has its id in its key, so that events keep it true. */
export function useJob(id: string) {
  return useQuery<Job>({
    queryKey: ["work", id],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}", of(id))),
  });
}

export function useTimeline(id: string) {
  return useQuery({
    queryKey: ["work", id, "timeline"],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}/timeline", of(id))),
  });
}

export function useExplanation(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["work", id, "explain"],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}/explain", of(id))),
    enabled,
  });
}

export function useEvidence(id: string) {
  return useQuery({
    queryKey: ["work", id, "evidence"],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}/evidence", of(id))),
  });
}

export type Code = Schema<"CodeSource">;

/** What was sent never changes, so no event asks for it again. */
export function useCode(id: string) {
  return useQuery({
    queryKey: ["source", id],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}/source", of(id))) as Promise<Code>,
  });
}

/** Stops it, or does it again; gives the job that is at it now. */
export function useDoing(id: string) {
  const client = useQueryClient();
  const became = (job: Job) => client.setQueryData(["work", job.id], job);
  const cancel = useMutation({
    mutationFn: () => body(api.POST("/v1/jobs/{job_id}/cancel", of(id))) as Promise<Job>,
    onSuccess: became,
  });
  const retry = useMutation({
    mutationFn: () => body(api.POST("/v1/jobs/{job_id}/retry", of(id))) as Promise<Job>,
    onSuccess: became,
  });
  return { cancel, retry };
}

export function canCancel(job: Job): boolean {
  return !hasEnded(job) && job.status !== "canceling";
}

/** What failed may be tried again, as may what was stopped: the reason may be gone by now. */
export function canRetry({ status }: Job): boolean {
  return status === "canceled" || status === "failed";
}
