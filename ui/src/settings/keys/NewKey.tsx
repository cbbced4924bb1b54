import { Modal } from "@mantine/core";
import type { Session } from "@/session/session";
import { useMaking } from "@/settings/keys/data";
import { KeyForm } from "@/settings/keys/KeyForm";
import { KeyMade } from "@/settings/keys/KeyMade";

type Props = { session: Session; onClose: () => void };

/** First what it is to open, then the key itself, this once. */
export function NewKey({ session, onClose }: Props) {
  const making = useMaking();
  const isMade = making.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={isMade ? "Your new key" : "New key"}
      size="lg"
      // A click beside it does not lose what is shown once.
      closeOnClickOutside={!isMade}
      closeOnEscape={!isMade}
      withCloseButton={!isMade}
    >
      {making.data ? (
        <KeyMade made={making.data} session={session} onClose={onClose} />
      ) : (
        <KeyForm session={session} making={making} onClose={onClose} />
      )}
    </Modal>
  );
}
