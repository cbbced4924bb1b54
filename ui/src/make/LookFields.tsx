import { Stack, TextInput } from "@mantine/core";
import type { Schema } from "@/api/client";
import { FORMATS, type Look } from "@/make/choices";
import { Options } from "@/make/Options";

type Props = {
  look: Look;
  presets: Schema<"PresetList">;
  onChange: (changed: Partial<Look>) => void;
  /** Told what would change by the option that the pointer is at. */
  onLook?: (would: Partial<Look>) => void;
  /** The headline that it has without one of somebody's own. */
  headline?: string | undefined;
  faults?: Readonly<Record<string, string>>;
};

/** What a storyboard looks like, and whom it speaks to. */
export function LookFields({ look, presets, onChange, onLook, headline, faults = {} }: Props) {
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
    </Stack>
  );
}
