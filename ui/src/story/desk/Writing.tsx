import { Button, FileButton, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowBackUp, IconBulb, IconUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useDropped } from "@/shared/dropping";
import { FaultNote } from "@/shared/FaultNote";
import { LetGo } from "@/shared/LetGo";
import { Refused } from "@/shared/Refused";
import { KINDS, LONGEST, readScript, sample } from "@/story/desk/script";
import classes from "@/story/desk/writing.module.css";
import { StartPanel } from "@/story/start/StartPanel";
import { many } from "@/story/words";

/** The sheet of paper: write on it, or drop a file there. */
export function Writing() {
  // A reload takes nothing away from somebody who writes.
  const [script, setScript] = useLocalStorage({ key: "storyloom.script", defaultValue: "" });
  const paper = useRef<HTMLTextAreaElement>(null);
  const hasScript = script.trim() !== "";
  // What is brought takes the place of what stands there, and that can be brought back.
  const [before, keep] = useState("");
  const put = (brought: string) => {
    if (hasScript && brought !== script) keep(script);
    setScript(brought);
  };
  const taking = useMutation({ mutationFn: readScript, onSuccess: put });
  const over = useDropped(taking.mutate);
  const trying = useMutation({ mutationFn: sample, onSuccess: put });
  return (
    <Stack>
      <Paper withBorder p="md">
        <Textarea
          ref={paper}
          label="Your script"
          description="A screenplay in Fountain, or plain prose. Write, paste, or drop a file here."
          placeholder={PLACEHOLDER}
          value={script}
          onChange={(event) => setScript(event.currentTarget.value)}
          maxLength={LONGEST}
          autosize
          minRows={10}
          maxRows={hasScript ? 14 : 10}
          classNames={{ input: classes.script }}
          spellCheck={false}
        />
        <Group justify="space-between" mt="sm">
          <Group gap="xs">
            <FileButton accept={KINDS} onChange={(file) => file && taking.mutate([file])}>
              {(props) => (
                <Button
                  {...props}
                  variant="light"
                  leftSection={<IconUpload size={16} aria-hidden />}
                >
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Button
              variant={hasScript ? "subtle" : "light"}
              leftSection={<IconBulb size={16} aria-hidden />}
              onClick={() => trying.mutate()}
              loading={trying.isPending}
            >
              Take the sample
            </Button>
            {before && before !== script && (
              <Button
                variant="subtle"
                leftSection={<IconArrowBackUp size={16} aria-hidden />}
                onClick={() => put(before)}
              >
                Bring back what stood here
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {hasScript ? many(script.trim().split(/\s+/).length, "word") : "Nothing written yet"}
          </Text>
        </Group>
      </Paper>
      {taking.error && <Refused why={[taking.error.message]} />}
      {trying.error && <FaultNote error={trying.error} />}
      {hasScript && <StartPanel wish={{ script }} />}
      {over && <LetGo>Let go, and it is read</LetGo>}
    </Stack>
  );
}

const PLACEHOLDER = `EXT. LIGHTHOUSE - DUSK

A white lighthouse on a black rock. Rain drives in from the sea.

NORA (61, white braid, yellow coat) climbs the stairs with an unlit lantern.`;
