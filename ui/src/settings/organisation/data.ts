import { useInfiniteQuery } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";

export type Organization = Schema<"Organization">;
const PAGE = 50;

/** The organisations that whoever looks may see, page by page. */
export function useOrganizations() {
  return useInfiniteQuery({
    queryKey: ["organizations"],
    queryFn: ({ pageParam }) =>
      body(api.GET("/v1/organizations", { params: { query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchOnMount: "always",
  });
}
