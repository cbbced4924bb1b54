import { Button, Stack } from "@mantine/core";
import { Link } from "wouter";
import { Empty } from "@/shared/Empty";
import { DESK } from "@/story/addresses";
import { LeftOver } from "@/story/drafts/LeftOver";

const NONE: ReadonlySet<string> = new Set();

/** There is none, or somebody has deleted it, perhaps while one was writing. */
export function NoSuch({ timestamp }: { timestamp?: number }) {
  return (
    <Stack>
      {timestamp !== undefined && <LeftOver timestamp={timestamp} present={NONE} />}
      <Empty title="There is no such story here">
        <Button component={Link} href={DESK} variant="light" mt="sm">
          To all stories
        </Button>
      </Empty>
    </Stack>
  );
}
