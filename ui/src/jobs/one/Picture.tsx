import { Button, Group, Paper } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import classes from "@/jobs/one/Picture.module.css";
import { type Job, titleOf } from "@/jobs/words";

const SHAPES: Record<string, string> = { portrait: "1080 / 1350", square: "1 / 1" };

/** What was made: the picture to look at, and every file to take along. */
export function Picture({ job }: { job: Job }) {
  const files = job.output?.files ?? [];
  const shown = files.find(({ media_type }) => media_type === "image/png");
  if (!files.length) return null;
  const aspectRatio = SHAPES[String(job.input.format)] ?? "16 / 9";
  return (
    <Paper component="section" aria-label="What was made" className={classes.made} radius="lg">
      {shown && (
        <a href={shown.url} target="_blank" rel="noreferrer" className={classes.frame}>
          <img src={shown.url} alt={`Storyboard ${titleOf(job)}`} style={{ aspectRatio }} />
        </a>
      )}
      <Group gap="xs" p="sm">
        {files.map(({ name, url }) => (
          <Button
            key={url}
            component="a"
            href={url}
            download={name}
            variant="light"
            size="xs"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {name}
          </Button>
        ))}
      </Group>
    </Paper>
  );
}
