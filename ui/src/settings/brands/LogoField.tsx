import { Button, FileButton, Group, Input, Paper, Text } from "@mantine/core";
import { IconUpload, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { type Profile, useLogo } from "@/settings/brands/data";
import classes from "@/settings/brands/logo.module.css";
import { FaultNote } from "@/shared/FaultNote";

const KINDS = "image/png,image/jpeg,image/webp";

/** The logo of a kept brand: shown, given and taken away at once. */
export function LogoField({ kept }: { kept: Profile | undefined }) {
  const [isOver, setOver] = useState(false);
  const sending = useLogo(kept?.key ?? "");
  const logo = kept?.brand.logo;
  const give = (file: File | null | undefined) => file && kept && sending.mutate(file);
  return (
    <Input.Wrapper
      label="Logo"
      labelElement="div"
      description="A PNG, JPEG or WebP of 2 MiB at most. It stands in the place of the brand's letter."
    >
      <Paper
        withBorder
        p="sm"
        mt={6}
        className={classes.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          give(event.dataTransfer.files[0]);
        }}
      >
        {kept ? (
          <Group gap="sm">
            {logo && (
              <span
                className={classes.tile}
                style={{ background: logo.is_light ? kept.brand.palette.primary : "#fff" }}
              >
                <img
                  src={`${logo.url}?as_of=${encodeURIComponent(kept.updated_at ?? "")}`}
                  alt={`The logo of ${kept.name}`}
                  width={logo.width}
                  height={logo.height}
                />
              </span>
            )}
            <FileButton accept={KINDS} onChange={give}>
              {(props) => (
                <Button
                  {...props}
                  variant="light"
                  size="compact-sm"
                  leftSection={<IconUpload size={16} aria-hidden />}
                  loading={sending.isPending}
                >
                  {logo ? "Choose another logo" : "Choose a logo"}
                </Button>
              )}
            </FileButton>
            {logo && (
              <Button
                variant="subtle"
                size="compact-sm"
                color="red"
                leftSection={<IconX size={16} aria-hidden />}
                onClick={() => sending.mutate(null)}
              >
                Take it away
              </Button>
            )}
            <Text size="sm" c="dimmed">
              or drop it here
            </Text>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            Keep the brand first; then its logo can be dropped here.
          </Text>
        )}
      </Paper>
      {sending.error && <FaultNote error={sending.error} />}
    </Input.Wrapper>
  );
}
