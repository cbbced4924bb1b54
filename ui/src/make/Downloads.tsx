import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconFileTypePdf, IconFileTypePpt, IconPhoto, IconVector } from "@tabler/icons-react";
import type { Work } from "@/make/making";
import { imageOf } from "@/make/work";

const KINDS = [
  { ending: "png", label: "PNG", says: "picture", icon: IconPhoto },
  { ending: "svg", label: "SVG", says: "sharp at any size", icon: IconVector },
  { ending: "pdf", label: "PDF", says: "to print", icon: IconFileTypePdf },
  {
    ending: "pptx",
    label: "PowerPoint",
    says: "two slides: the picture, and its words to edit",
    icon: IconFileTypePpt,
  },
] as const;

/** The finished storyboard as files. */
export function Downloads({ work, name }: { work: Work; name: string }) {
  const offered = work.output?.files.map((file) => file.name) ?? [];
  return (
    <Stack gap="xs" component="section" aria-label="Download">
      <Text fw={600} size="sm">
        Take it with you
      </Text>
      <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="xs">
        {KINDS.filter(({ ending }) => offered.includes(`storyboard.${ending}`)).map(
          ({ ending, label, says, icon: Icon }) => (
            <Button
              key={ending}
              component="a"
              variant="light"
              href={imageOf(work.id, ending)}
              download={`${name}.${ending}`}
              leftSection={<Icon size={18} aria-hidden />}
              title={says}
            >
              {label}
            </Button>
          ),
        )}
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        {offered.includes("storyboard.pptx") ? (
          "PowerPoint has two slides: the picture, and its words to edit."
        ) : (
          <>
            For PowerPoint, the server needs <code>pip install 'storyloom[pptx]'</code>.
          </>
        )}
      </Text>
    </Stack>
  );
}
