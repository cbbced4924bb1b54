import { Button } from "@mantine/core";
import { Link } from "wouter";
import { Empty } from "@/shared/Empty";
import { DESK } from "@/story/addresses";

export function NoSuch() {
  return (
    <Empty title="There is no such story here">
      <Button component={Link} href={DESK} variant="light" mt="sm">
        To all stories
      </Button>
    </Empty>
  );
}
