import { Anchor, Button, Center, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useSignIn } from "@/session/session";
import { FaultNote } from "@/shared/FaultNote";
import { Mark } from "@/shared/Mark";

/** Asks for a key. It goes into a cookie that no script can read, this one neither. */
export function SignIn() {
  const { signIn } = useSignIn();
  const [key, setKey] = useState("");
  const signing = useMutation({ mutationFn: () => signIn(key.trim()) });
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper component="form" withBorder p="xl" w="min(26rem, 100%)" onSubmit={submit}>
        <Stack>
          <Mark size={40} />
          <Title order={1} size="h2">
            Sign in to Storyloom
          </Title>
          <PasswordInput
            label="Your key"
            description="It begins with sl_"
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            autoComplete="current-password"
            data-autofocus
            required
          />
          {signing.error && <FaultNote error={signing.error} />}
          <Button type="submit" loading={signing.isPending} disabled={!key.trim()}>
            Sign in
          </Button>
          <Text size="sm" c="dimmed">
            Whoever runs this server makes one with <code>storyloom keys create</code>.{" "}
            <Anchor href="/docs" inherit>
              The API
            </Anchor>{" "}
            takes the same key.
          </Text>
        </Stack>
      </Paper>
    </Center>
  );

  function submit(event: React.SubmitEvent) {
    event.preventDefault();
    signing.mutate();
  }
}
