import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconCheck, IconCopy, IconEyeOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

type Props = { label: string; secret: string };

/** What is shown once: it can be copied, and it says that it does not come again. */
export function Secret({ label, secret }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  // What was pressed to make it is gone, and the focus with it, in a dialog that was open before.
  useEffect(() => field.current?.focus(), []);
  return (
    <Stack gap="sm">
      <Group align="end" gap="xs">
        <TextInput
          ref={field}
          label={label}
          value={secret}
          readOnly
          flex="1 1 14rem"
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          variant="light"
          leftSection={
            isCopied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
          }
          onClick={() => void copy()}
        >
          <span role="status">{isCopied ? "Copied" : "Copy"}</span>
        </Button>
      </Group>
      <Alert color="amber" icon={<IconEyeOff aria-hidden />}>
        It is not shown again. Put it where you keep passwords, now.
      </Alert>
    </Stack>
  );

  async function copy() {
    field.current?.select();
    // Browsers keep the clipboard from pages without https; there, the older way works.
    if (navigator.clipboard) await navigator.clipboard.writeText(secret);
    else document.execCommand("copy");
    setCopied(true);
  }
}
