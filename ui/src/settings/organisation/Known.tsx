import { Text } from "@mantine/core";
import type { Organization } from "@/settings/organisation/data";
import { money } from "@/shared/money";
import { When } from "@/shared/When";

/** What is known of an organisation, in a line. */
export function Known({ of }: { of: Organization }) {
  const { jobs, last_work_at, spent } = of;
  return (
    <Text size="sm" c="dimmed">
      {jobs === 1 ? "1 job" : `${jobs.toLocaleString()} jobs`}
      {last_work_at && (
        <>
          , the last <When at={last_work_at} />
        </>
      )}
      {spent.calls > 0 &&
        `, ${spent.usd === null ? "at least " : ""}${money(spent.known_usd)} this month`}
    </Text>
  );
}
