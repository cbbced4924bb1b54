import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { canCancel, canRetry, useDoing } from "@/jobs/one/job";
import type { Job } from "@/jobs/words";
import { FaultNote } from "@/shared/FaultNote";
import { money } from "@/shared/money";

/** What can be done with it now. What costs, or stops long work, is asked for once more. */
export function Actions({ job }: { job: Job }) {
  const { cancel, retry } = useDoing(job.id);
  const [retrying, askRetry] = useDisclosure();
  const [stopping, askStop] = useDisclosure();
  const [, go] = useLocation();
  const again = () => {
    askRetry.close();
    retry.mutate(undefined, {
      onSuccess: (now) => {
        notifications.show({ message: "It is being tried again.", color: "teal" });
        if (now.id !== job.id) go(`/studio/jobs/${now.id}`);
      },
    });
  };
  const stop = () => {
    askStop.close();
    cancel.mutate();
  };
  const fault = cancel.error ?? retry.error;
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {canCancel(job) && (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={18} aria-hidden />}
            loading={cancel.isPending}
            onClick={job.kind === "story_run" ? askStop.open : stop}
          >
            Cancel
          </Button>
        )}
        {canRetry(job) && (
          <Button
            variant={job.error?.retryable === false ? "default" : "filled"}
            leftSection={<IconRefresh size={18} aria-hidden />}
            loading={retry.isPending}
            onClick={mayCost(job) ? askRetry.open : again}
          >
            Try again
          </Button>
        )}
      </Group>
      {fault && <FaultNote error={fault} />}
      <Sure
        opened={retrying}
        onClose={askRetry.close}
        title="Try again?"
        yes="Try again"
        onYes={again}
      >
        A model may be asked again, and that costs. {spent(job)} Answers that are already paid for
        are used again{job.input.fresh === true && ", except that this job asked for fresh ones"}.
      </Sure>
      <Sure
        opened={stopping}
        onClose={askStop.close}
        title="Stop this story?"
        yes="Stop it"
        onYes={stop}
      >
        What is made is kept. It can be taken up again later.
      </Sure>
    </Stack>
  );
}

type SureProps = {
  opened: boolean;
  onClose: () => void;
  title: string;
  yes: string;
  onYes: () => void;
  children: React.ReactNode;
};

function Sure({ opened, onClose, title, yes, onYes, children }: SureProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body p="lg">
          <Stack>
            <Modal.Title fw={650} fz="h4">
              {title}
            </Modal.Title>
            <Text size="sm">{children}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                No
              </Button>
              <Button onClick={onYes} data-autofocus>
                {yes}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Work that has asked a model before, or was about to, asks one again. */
function mayCost(job: Job): boolean {
  return (job.cost?.calls ?? 0) > 0 || job.error?.code === "budget" || !!job.input.model;
}

function spent({ cost }: Job): string {
  if (!cost?.calls) return "";
  if (cost.usd === null) return `So far it has cost at least ${money(cost.known_usd)}.`;
  return `So far it has cost ${money(cost.usd)}.`;
}
