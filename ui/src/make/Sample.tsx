import { Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useState } from "react";
import { type Look, RATIOS } from "@/make/choices";
import { Fade } from "@/make/Fade";

const PAUSE_MS = 120;
const WIDTH = 960;

/** What the choices change, shown at a file of ours. */
export function Sample({ look }: { look: Look }) {
  const [src] = useDebouncedValue(previewOf(look), PAUSE_MS);
  const [failed, fail] = useState("");
  const onFail = useCallback(() => fail(src), [src]);
  return (
    <Stack gap="xs" component="figure" m={0}>
      <Fade
        src={src}
        ratio={RATIOS[look.format]}
        alt="A sample storyboard with these choices"
        onFail={onFail}
      >
        {failed === src ? (
          <Text c="dimmed">The sample cannot be shown just now.</Text>
        ) : (
          <Skeleton height="100%" />
        )}
      </Fade>
      <Text component="figcaption" size="sm" c="dimmed" ta="center">
        A sample: yours is made of what you bring, with the same choices.
      </Text>
    </Stack>
  );
}

function previewOf({ icp_preset, stage, audience, format, custom_headline }: Look): string {
  const query = new URLSearchParams({ icp_preset, stage, audience, format, width: String(WIDTH) });
  const headline = custom_headline.trim();
  if (headline) query.set("headline", headline);
  return `/v1/previews/board?${query}`;
}
