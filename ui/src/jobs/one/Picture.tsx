import { Button, Group, Paper } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link } from "wouter";
import classes from "@/jobs/one/Picture.module.css";
import { type Job, titleOf } from "@/jobs/words";
import { runAt } from "@/story/addresses";

const SHAPES: Record<string, string> = { portrait: "1080 / 1350", square: "1 / 1" };

/** What was made: the picture to look at, and every file to take along. */
export function Picture({ job }: { job: Job }) {
  const files = job.output?.files ?? [];
  const shown = files.find(({ media_type }) => media_type === "image/png");
  if (!files.length) return null;
  // A story has far more pictures than one wants to see here; its own view shows them all.
  const isStory = job.kind === "story_run";
  const aspectRatio = SHAPES[String(job.input.format)] ?? "16 / 9";
  return (
    <Paper component="section" aria-label="What was made" className={classes.made} radius="lg">
      {shown && (
        <a href={shown.url} target="_blank" rel="noreferrer" className={classes.frame}>
          <img
            src={shown.url}
            alt={`${isStory ? "Story" : "Storyboard"} ${titleOf(job)}`}
            style={{ aspectRatio }}
          />
        </a>
      )}
      <Group gap="xs" p="sm">
        {isStory && (
          <Button component={Link} href={runAt(job.id)} size="xs">
            Open the story
          </Button>
        )}
        {files.slice(0, isStory ? 0 : files.length).map(({ name, url }) => (
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
