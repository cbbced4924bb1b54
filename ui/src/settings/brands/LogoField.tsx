import { Button, FileButton, Group, Input, Text } from "@mantine/core";
import { IconUpload, IconX } from "@tabler/icons-react";
import type { Profile, useLogo } from "@/settings/brands/data";
import classes from "@/settings/brands/logo.module.css";
import { useAddress } from "@/settings/brands/useAddress";
import { DropPaper } from "@/shared/DropPaper";
import { FaultNote } from "@/shared/FaultNote";

const KINDS = "image/png,image/jpeg,image/webp";

type Props = {
  kept: Profile | undefined;
  /** What was chosen for a brand that is not kept yet. */
  pending: File | null;
  sending: ReturnType<typeof useLogo>;
  give: (file: File | null) => void;
};

/** The logo: of a kept brand it is given at once, of a new one together with it. */
export function LogoField({ kept, pending, sending, give }: Props) {
  const chosen = useAddress(pending ?? undefined);
  const logo = kept?.brand.logo;
  const version = encodeURIComponent(kept?.updated_at ?? "");
  const shown = logo ? `${logo.url}?as_of=${version}` : chosen;
  return (
    <Input.Wrapper
      label="Logo"
      labelElement="div"
      description="A PNG, JPEG or WebP of 2 MiB at most. It stands in the place of the brand's letter."
    >
      <DropPaper p="sm" mt={6} mb="xs" onFile={give}>
        <Group gap="sm">
          {shown && (
            <span
              className={classes.tile}
              style={{ background: logo?.is_light ? kept?.brand.palette.primary : "#fff" }}
            >
              <img
                src={shown}
                alt={kept ? `The logo of ${kept.name}` : "The logo that was chosen"}
                width={logo?.width ?? 160}
                height={logo?.height ?? 40}
              />
            </span>
          )}
          <FileButton accept={KINDS} onChange={(file) => file && give(file)}>
            {(props) => (
              <Button
                {...props}
                variant="light"
                size="compact-sm"
                leftSection={<IconUpload size={16} aria-hidden />}
                loading={sending.isPending}
              >
                {shown ? "Choose another logo" : "Choose a logo"}
              </Button>
            )}
          </FileButton>
          {shown && (
            <Button
              variant="subtle"
              size="compact-sm"
              color="red"
              leftSection={<IconX size={16} aria-hidden />}
              onClick={() => give(null)}
            >
              Take it away
            </Button>
          )}
          <Text size="sm" c="dimmed">
            or drop it here
          </Text>
        </Group>
      </DropPaper>
      {kept && sending.error && <FaultNote error={sending.error} />}
    </Input.Wrapper>
  );
}
