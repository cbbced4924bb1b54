import createClient, { type Middleware } from "openapi-fetch";
import { fault } from "@/api/fault";
import type { components, paths } from "@/api/schema";

/** A body of the API by its name in the OpenAPI document. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** Says that this page asks, and no other: with it the server believes the session's cookie. */
export const PAGE_HEADER = { "X-Storyloom-Page": "1" } as const;

const failing: Middleware = {
  // Every answer that is no success is thrown, so that no caller forgets to look.
  async onResponse({ response }) {
    if (!response.ok) throw await fault(response);
    return undefined;
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return fault();
  },
};

/** Every operation of the server, typed by its own document. */
export const api = createClient<paths>({ baseUrl: "/", headers: PAGE_HEADER });
api.use(failing);

/** The body of an answer; what failed was thrown before. */
export async function body<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}
