import { Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconHeartbeat, IconRefresh } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body, type Schema } from "@/api/client";
import { Found } from "@/settings/health/Found";
import { Providers } from "@/settings/health/Providers";
import { Section } from "@/settings/shared/Section";
import { FaultNote } from "@/shared/FaultNote";
import { When } from "@/shared/When";

export type Diagnosis = Schema<"Diagnosis">;
const DOCTOR = ["doctor"];

const look = (fresh: boolean) => body(api.GET("/v1/doctor", { params: { query: { fresh } } }));

/** How the server is, part by part, and how to mend what is not well. */
export function Health() {
  const client = useQueryClient();
  const doctor = useQuery({
    queryKey: DOCTOR,
    // Whoever comes gets what is known; whoever asks again gets what is so now.
    queryFn: () => look(client.getQueryData(DOCTOR) !== undefined),
    refetchOnMount: "always",
  });
  const found = doctor.data;
  return (
    <Section
      title="Health"
      lead="Everything that this server is made of: whether it works, and what to do where it does not."
      action={
        <Button
          variant="light"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={doctor.isFetching}
          onClick={() => void doctor.refetch()}
        >
          Look again
        </Button>
      }
    >
      {doctor.error && <FaultNote error={doctor.error} retry={() => void doctor.refetch()} />}
      {found ? (
        <Stack gap="xl">
          <Summary found={found} />
          <Found rows={found.rows} />
          <Providers models={found.models} />
        </Stack>
      ) : (
        !doctor.error && (
          <Stack>
            <Text role="status">Every part is looked at; that takes some seconds.</Text>
            <Skeleton height="50dvh" />
          </Stack>
        )
      )}
    </Section>
  );
}

function Summary({ found }: { found: Diagnosis }) {
  return (
    <Group wrap="nowrap" align="start" role="status">
      <IconHeartbeat
        size={36}
        aria-hidden
        color={`var(--mantine-color-${found.ok ? "teal" : "red"}-text)`}
      />
      <div>
        <Text fw={650} size="lg">
          {found.ok ? "All that is needed works" : "Something that is needed does not work"}
        </Text>
        <Text size="sm" c="dimmed">
          Storyloom {found.version} · Python {found.python} · looked at{" "}
          <When at={found.looked_at} /> ·{" "}
          <Anchor href="/docs" inherit>
            The API’s documents
          </Anchor>
        </Text>
      </div>
    </Group>
  );
}
