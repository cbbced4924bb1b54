import { Loader, SegmentedControl, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { Catalogue } from "@/settings/brands/data";
import classes from "@/settings/brands/sample.module.css";
import type { Choice, useSampling } from "@/settings/brands/useSampling";
import { FaultNote } from "@/shared/FaultNote";

type Props = { sampling: ReturnType<typeof useSampling>; catalogue: Catalogue };
type Format = Choice["format"];
const FORMATS: { value: Format; label: string }[] = [
  { value: "landscape", label: "Landscape" },
  { value: "portrait", label: "Portrait" },
  { value: "square", label: "Square" },
];

/** A board as it would be drawn now; it has its place before it is there. */
export function Sample({ sampling, catalogue }: Props) {
  const { choice, choose, url, error, isBehind } = sampling;
  return (
    <Stack component="section" aria-label="Sample" gap="sm" className={classes.beside}>
      <Title order={3} size="h4">
        How a board looks
      </Title>
      <div className={classes.frame} data-format={choice.format} aria-busy={isBehind}>
        {url && <img src={url} alt="A sample board of this brand" width={1920} height={1080} />}
        {isBehind && <Loader size="sm" className={classes.busy} aria-hidden />}
      </div>
      {error && <FaultNote error={error} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Select
          label="How far the feature is"
          data={catalogue.stages.map(({ key, name }) => ({ value: key, label: name }))}
          allowDeselect={false}
          value={choice.stage}
          onChange={(stage) => stage && choose({ stage })}
        />
        <Select
          label="Who looks at it"
          data={catalogue.audiences.map(({ key, name }) => ({ value: key, label: name }))}
          allowDeselect={false}
          value={choice.audience}
          onChange={(audience) => audience && choose({ audience })}
        />
      </SimpleGrid>
      <SegmentedControl
        aria-label="Shape of the page"
        data={FORMATS}
        value={choice.format}
        onChange={(format) => choose({ format: format as Format })}
        w="fit-content"
        maw="100%"
      />
      <Text size="sm" c="dimmed">
        Drawn from an example, without a model. Nothing is kept until you say so.
      </Text>
    </Stack>
  );
}
