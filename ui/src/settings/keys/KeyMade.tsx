import { Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type Session, useSignIn } from "@/session/session";
import type { MadeKey } from "@/settings/keys/data";
import { Secret } from "@/settings/shared/Secret";
import { FaultNote } from "@/shared/FaultNote";

type Props = { made: MadeKey; session: Session; onClose: () => void };

/** The key itself. Where none was needed before, this page goes on with it. */
export function KeyMade({ made, session, onClose }: Props) {
  const { signIn } = useSignIn();
  const entering = useMutation({ mutationFn: () => signIn(made.key), onSuccess: onClose });
  return (
    <Stack>
      <Secret label={`The key “${made.name}”`} secret={made.key} />
      {entering.error && <FaultNote error={entering.error} />}
      {session.needs_key ? (
        <Button onClick={onClose}>I have it</Button>
      ) : (
        <>
          <Text size="sm">From now on every call needs a key.</Text>
          <Button onClick={() => entering.mutate()} loading={entering.isPending}>
            I have it: sign in with it here
          </Button>
        </>
      )}
    </Stack>
  );
}
