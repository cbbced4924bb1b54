import { Alert, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { Fault } from "@/api/fault";
import { FaultNote } from "@/shared/FaultNote";
import { When } from "@/shared/When";
import type { Run } from "@/story/data/runs";

/** Why nothing moves, since when, and until when; and what went wrong in the end. */
export function Waits({ run }: { run: Run }) {
  return (
    <Stack gap="xs">
      {run.waitingOn.map(({ code, detail, since, until }) => (
        <Alert
          key={code}
          color="amber"
          icon={<IconHourglass aria-hidden />}
          data-waiting={code}
          p="xs"
        >
          <Text size="sm" fw={600}>
            {detail}
          </Text>
          <Text size="sm">
            Since <When at={since} />
            {until && (
              <>
                , looked at again <When at={until} />
              </>
            )}
            .
          </Text>
        </Alert>
      ))}
      {run.errorMessage && (
        <FaultNote error={new Fault(run.errorMessage, run.errorCode ?? "run_failed", 0)} />
      )}
    </Stack>
  );
}
