import { Button, Code, CopyButton, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { type Asked, curlOf, pythonOf } from "@/make/commands";

const WAYS = { curl: curlOf, Python: pythonOf };

/** The same, asked for by a program. */
export function Commands(asked: Asked) {
  const [way, choose] = useState<keyof typeof WAYS>("curl");
  const told = WAYS[way](asked, location.origin);
  return (
    <Stack gap="xs" component="section" aria-label="The same by a program">
      <Group justify="space-between" mt="md">
        <Text fw={600} size="sm">
          The same by a program
        </Text>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            transitionDuration={0}
            aria-label="Language"
            data={Object.keys(WAYS)}
            value={way}
            onChange={(next) => choose(next as keyof typeof WAYS)}
          />
          <CopyButton value={told}>
            {({ copied, copy }) => (
              <Button
                size="compact-sm"
                variant="light"
                onClick={copy}
                leftSection={
                  copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
                }
              >
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Group>
      <Code block tabIndex={0} role="region" aria-label={`${way} command`} data-command>
        {told}
      </Code>
    </Stack>
  );
}
