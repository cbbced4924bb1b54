import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Link } from "wouter";
import { FORMATS, type Look } from "@/make/choices";
import { Options } from "@/make/Options";
import type { Presets } from "@/shared/presets";

type Props = {
  look: Look;
  presets: Presets;
  onChange: (changed: Partial<Look>) => void;
  /** Told what would change by the option that the pointer is at. */
  onLook?: (would: Partial<Look>) => void;
  /** The headline that it has without one of somebody's own. */
  headline?: string | undefined;
  /** Takes that headline again. */
  onFound?: () => void;
  faults?: Readonly<Record<string, string>>;
};

/** What a storyboard looks like, and whom it speaks to. */
export function LookFields(props: Props) {
  const { look, presets, onChange, onLook, headline, onFound, faults = {} } = props;
  const sees = (field: keyof Look) =>
    onLook && ((value: string | undefined) => onLook(value ? { [field]: value } : {}));
  return (
    <Stack gap="sm">
      <Options
        label="Who looks at it"
        options={presets.audiences}
        value={look.audience}
        onChange={(audience) => onChange({ audience })}
        onLook={sees("audience")}
      />
      <Options
        label="How far it is"
        options={presets.stages}
        value={look.stage}
        onChange={(stage) => onChange({ stage })}
        onLook={sees("stage")}
      />
      <Options
        label="Whose customers it speaks to"
        options={presets.icp_presets}
        value={look.icp_preset}
        onChange={(icp_preset) => onChange({ icp_preset })}
        onLook={sees("icp_preset")}
        hint={
          <>
            With them come the brand's name, logo and colours. Add your own under{" "}
            <Anchor component={Link} href="/studio/settings/brands" inherit underline="always">
              Settings → Brands
            </Anchor>
            .
          </>
        }
      />
      <Options
        label="Shape"
        options={FORMATS}
        value={look.format}
        onChange={(format) => onChange({ format })}
        onLook={sees("format")}
      />
      <TextInput
        label="Headline"
        labelProps={{ fw: 600, mb: 6 }}
        placeholder={headline ?? "Found in what you bring"}
        value={look.custom_headline}
        maxLength={200}
        onChange={(event) => onChange({ custom_headline: event.currentTarget.value })}
        error={faults.custom_headline ?? faults["input.custom_headline"]}
      />
      {onFound && look.custom_headline !== "" && (
        <Button
          size="compact-sm"
          variant="subtle"
          w="fit-content"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={onFound}
          title={headline}
        >
          Use the found headline
        </Button>
      )}
    </Stack>
  );
}
