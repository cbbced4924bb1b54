import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Session } from "@/session/session";
import { isGood, type Key, useKeys, useRevoking } from "@/settings/keys/data";
import { KeyRow } from "@/settings/keys/KeyRow";
import { NewKey } from "@/settings/keys/NewKey";
import classes from "@/settings/shared/list.module.css";
import { Section } from "@/settings/shared/Section";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";
import { FaultNote } from "@/shared/FaultNote";

/** Who may call, and what for. */
export function Keys({ session }: { session: Session }) {
  const keys = useKeys();
  const [isMaking, making] = useDisclosure();
  return (
    <Section
      title="Keys"
      lead="A key lets a person or a program in, for one organisation and for what you choose."
      action={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
          New key
        </Button>
      }
    >
      <Ask query={keys} height={320}>
        {(found) =>
          found.length ? (
            <Listed keys={found} session={session} />
          ) : (
            <Empty title="No keys yet" icon={<IconKey size={32} aria-hidden />}>
              While there is none, everybody on this machine may do everything, and nobody else
              anything.
            </Empty>
          )
        }
      </Ask>
      {isMaking && <NewKey session={session} onClose={making.close} />}
    </Section>
  );
}

function Listed({ keys, session }: { keys: readonly Key[]; session: Session }) {
  const [showsAll, setShowsAll] = useState(false);
  const revoking = useRevoking();
  const good = keys.filter(isGood);
  const bad = keys.filter((key) => !isGood(key));
  const shown = showsAll ? [...good, ...bad] : good;
  return (
    <Stack gap="sm">
      {revoking.error && <FaultNote error={revoking.error} />}
      <ul className={classes.list}>
        {shown.map((key) => (
          <KeyRow
            key={key.id}
            of={key}
            isOwn={key.id === session.key_id}
            isBusy={revoking.isPending && revoking.variables === key.id}
            onRevoke={() =>
              revoking.mutate(key.id, {
                onSuccess: () => key.id === session.key_id && location.assign("/"),
              })
            }
          />
        ))}
      </ul>
      {bad.length > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? "Hide those that let nobody in" : `Show ${bad.length} that let nobody in`}
        </Button>
      )}
    </Stack>
  );
}
