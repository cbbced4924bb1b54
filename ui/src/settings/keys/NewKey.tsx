import type { Session } from "@/session/session";
import { useMaking } from "@/settings/keys/data";
import { KeyForm } from "@/settings/keys/KeyForm";
import { KeyMade } from "@/settings/keys/KeyMade";
import { OnceDialog } from "@/settings/shared/OnceDialog";

type Props = { session: Session; onClose: () => void };

/** First what it is to open, then the key itself, this once. */
export function NewKey({ session, onClose }: Props) {
  const making = useMaking();
  const isMade = making.data !== undefined;
  return (
    <OnceDialog title={isMade ? "Your new key" : "New key"} isOnce={isMade} onClose={onClose}>
      {making.data ? (
        <KeyMade made={making.data} session={session} onClose={onClose} />
      ) : (
        <KeyForm session={session} making={making} onClose={onClose} />
      )}
    </OnceDialog>
  );
}
