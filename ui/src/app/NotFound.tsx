import { Button } from "@mantine/core";
import { Link } from "wouter";
import { Empty } from "@/shared/Empty";

export function NotFound() {
  return (
    <Empty title="There is no such view">
      <Button component={Link} href="/" variant="light" mt="sm">
        Make a storyboard
      </Button>
    </Empty>
  );
}
