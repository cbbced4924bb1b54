import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import classes from "@/settings/shared/list.module.css";
import { Section } from "@/settings/shared/Section";
import { useWebhooks } from "@/settings/webhooks/data";
import { NewWebhook } from "@/settings/webhooks/NewWebhook";
import { WebhookCard } from "@/settings/webhooks/WebhookCard";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";

/** Who else is told of what happens. */
export function Webhooks() {
  const webhooks = useWebhooks();
  const [isAdding, adding] = useDisclosure();
  return (
    <Section
      title="Webhooks"
      lead="A webhook tells a service of yours when work is done or fails. Each message is signed, and sent again until it gets there."
      action={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={adding.open}>
          Add a webhook
        </Button>
      }
    >
      <Ask query={webhooks} height={240}>
        {(found) =>
          found.length ? (
            <ul className={classes.list}>
              {found.map((one) => (
                <WebhookCard key={one.id} webhook={one} />
              ))}
            </ul>
          ) : (
            <Empty title="Nobody is told yet" icon={<IconWebhook size={32} aria-hidden />}>
              Add the address of a service, and send it a test.
            </Empty>
          )
        }
      </Ask>
      {isAdding && <NewWebhook onClose={adding.close} />}
    </Section>
  );
}
