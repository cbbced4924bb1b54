import type { Job } from "@/jobs/words";

/** What helps, by the code of an error; the server's own hint goes before. */
const TODO: Record<string, string> = {
  auth: "Give the server a key that the provider accepts; Settings shows what each one says.",
  bad_answer: "Try it again, or choose another model.",
  blocked: "Take out what the provider does not want to show, and make it anew.",
  budget: "Raise the budget, choose a cheaper model, or make it without one.",
  busy: "Try it again in a few minutes.",
  connection: "See whether the provider can be reached from the server, then try it again.",
  disk_full: "Make room on the server's disk, then try it again.",
  misconfigured: "Whoever runs the server finds the wrong setting under Settings.",
  model_not_found: "Choose a model that the provider has.",
  out_of_memory: "Choose a smaller model or a smaller picture, then try it again.",
  overloaded: "Try it again in a few minutes.",
  quota: "Raise the quota at the provider, wait until it is renewed, or choose another model.",
  rate_limited: "Try it again in a few minutes.",
  timeout: "Try it again: what was finished is used again.",
  unsupported: "Choose something that is installed here; Settings shows what is.",
};

/** What to do about it, in a sentence. */
export function todo({ code, hint, retryable }: NonNullable<Job["error"]>): string {
  const otherwise = retryable
    ? "Try it again: what is already done is used again."
    : "To try the same again does not help until its cause is gone.";
  return hint ?? TODO[code] ?? otherwise;
}
