import { Badge, Button, Paper, Table, Text, Title } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { type Statistics, useSwitch } from "@/jobs/figures/statistics";
import { may, useSession } from "@/session/session";
import { FaultNote } from "@/shared/FaultNote";

/** What waits and runs at this moment; operators hold queues here. */
export function Queues({ now }: { now: Statistics["now"] }) {
  const { data: session } = useSession();
  const flip = useSwitch();
  const isOperator = may(session, "admin");
  const known = now.queues.some(({ running }) => running !== null);
  const workers =
    now.workers === null ? "The server does the work itself." : `${now.workers} workers are at it.`;
  return (
    <Paper component="section" withBorder radius="lg" p="md" aria-label="Queues">
      <Title order={2} size="h4">
        Queues
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {workers} A queue that is held lets nothing begin; what runs goes on.
      </Text>
      {flip.error && <FaultNote error={flip.error} />}
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Queue</Table.Th>
            {known && <Table.Th scope="col">Waiting</Table.Th>}
            {known && <Table.Th scope="col">Running</Table.Th>}
            <Table.Th scope="col">State</Table.Th>
            {isOperator && <Table.Th scope="col">Hold</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {now.queues.map(({ name, paused, waiting, running }) => (
            <Table.Tr key={name} data-queue={name}>
              <Table.Td>{name}</Table.Td>
              {known && <Table.Td>{waiting ?? "–"}</Table.Td>}
              {known && <Table.Td>{running ?? "–"}</Table.Td>}
              <Table.Td>
                <Badge variant="light" color={paused ? "amber" : "teal"} tt="none">
                  {paused ? "held" : "open"}
                </Badge>
              </Table.Td>
              {isOperator && (
                <Table.Td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={flip.isPending && flip.variables.name === name}
                    leftSection={
                      paused ? (
                        <IconPlayerPlay size={14} aria-hidden />
                      ) : (
                        <IconPlayerPause size={14} aria-hidden />
                      )
                    }
                    onClick={() => flip.mutate({ name, paused })}
                    aria-label={`${paused ? "Resume" : "Pause"} ${name}`}
                  >
                    {paused ? "Resume" : "Pause"}
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
