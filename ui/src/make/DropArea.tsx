import { Button, FileButton, Group, Stack, Text, Title } from "@mantine/core";
import {
  IconClipboardText,
  IconFileUpload,
  IconPhotoScan,
  IconSparkles,
} from "@tabler/icons-react";
import classes from "@/make/DropArea.module.css";

type Props = {
  busy: boolean;
  onFiles: (files: File[]) => void;
  onPaste: () => void;
  onSample: () => void;
};

/** Where a storyboard begins. */
export function DropArea({ busy, onFiles, onPaste, onSample }: Props) {
  return (
    <section className={classes.area} aria-label="Bring something">
      <Stack align="center" gap="sm" ta="center">
        <IconPhotoScan size={40} stroke={1.4} aria-hidden />
        <Title order={2} size="h3">
          Drop a code file or a roadmap screenshot
        </Title>
        <Text size="sm" className={classes.says} maw="34rem">
          Anywhere on this page
          <Text span inherit visibleFrom="sm">
            ; or paste it with Ctrl+V
          </Text>
          . It is made at once, and every choice can be changed afterwards.
        </Text>
        <Group gap="sm" justify="center" mt={4}>
          <FileButton onChange={(files) => onFiles(files)} multiple>
            {(props) => (
              <Button
                {...props}
                color="amber.4"
                loading={busy}
                leftSection={<IconFileUpload size={18} aria-hidden />}
              >
                Choose a file
              </Button>
            )}
          </FileButton>
          <Button
            variant="white"
            c="#183b9e"
            onClick={onPaste}
            leftSection={<IconClipboardText size={18} aria-hidden />}
          >
            Paste code
          </Button>
          <Button
            variant="transparent"
            className={classes.quiet ?? ""}
            onClick={onSample}
            leftSection={<IconSparkles size={18} aria-hidden />}
          >
            Try it with a sample
          </Button>
        </Group>
        <Text size="xs" className={classes.says}>
          Code up to 256 KB · PNG, JPEG, WebP or GIF up to 10 MB
        </Text>
      </Stack>
    </section>
  );
}
