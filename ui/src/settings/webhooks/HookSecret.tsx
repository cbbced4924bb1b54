import { Button, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Secret } from "@/settings/shared/Secret";

type Props = { secret: string; onClose: () => void; children?: ReactNode };

/** The secret of a webhook, this once. */
export function HookSecret({ secret, onClose, children }: Props) {
  return (
    <Stack>
      <Secret label="What its messages are signed with" secret={secret} />
      {children}
      <Button onClick={onClose}>I have it</Button>
    </Stack>
  );
}
