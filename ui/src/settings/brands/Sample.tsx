import { Loader, SegmentedControl, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Catalogue, Profile } from "@/settings/brands/data";
import { type Draft, drawable } from "@/settings/brands/draft";
import classes from "@/settings/brands/sample.module.css";
import { useSample, type Wanted } from "@/settings/brands/useSample";
import { FaultNote } from "@/shared/FaultNote";

type Props = { draft: Draft; kept: Profile | undefined; catalogue: Catalogue };
type Format = Wanted["format"];
const FORMATS: { value: Format; label: string }[] = [
  { value: "landscape", label: "Wide" },
  { value: "portrait", label: "Tall" },
  { value: "square", label: "Square" },
];

/** A board as it would be drawn now; it has its place before it is there. */
export function Sample({ draft, kept, catalogue }: Props) {
  const [stage, setStage] = useState("preview");
  const [audience, setAudience] = useState("c_suite");
  const [format, setFormat] = useState<Format>("landscape");
  const written = drawable(draft);
  const logoOf = kept?.brand.logo ? kept.key : null;
  const wanted = written && { ...written, stage, audience, format, logo_of: logoOf };
  const { url, error, isBehind } = useSample(wanted, kept?.updated_at ?? "");
  return (
    <Stack component="section" aria-label="Sample" gap="sm" className={classes.beside}>
      <Title order={3} size="h4">
        How a board looks
      </Title>
      <div className={classes.frame} data-format={format} aria-busy={isBehind}>
        {url && <img src={url} alt="A sample board of this brand" width={1920} height={1080} />}
        {isBehind && <Loader size="sm" className={classes.busy} aria-label="Drawing" />}
      </div>
      {error && <FaultNote error={error} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Select
          label="How far the feature is"
          data={catalogue.stages.map(({ key, name }) => ({ value: key, label: name }))}
          allowDeselect={false}
          value={stage}
          onChange={(value) => value && setStage(value)}
        />
        <Select
          label="Who looks at it"
          data={catalogue.audiences.map(({ key, name }) => ({ value: key, label: name }))}
          allowDeselect={false}
          value={audience}
          onChange={(value) => value && setAudience(value)}
        />
      </SimpleGrid>
      <SegmentedControl
        aria-label="Shape of the page"
        data={FORMATS}
        value={format}
        onChange={(value) => setFormat(value as Format)}
        w="fit-content"
        maw="100%"
      />
      <Text size="sm" c="dimmed">
        Drawn from an example, without a model. Nothing is kept until you say so.
      </Text>
    </Stack>
  );
}
