import { Anchor } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "wouter";

export function Crumb({ href }: { href: string }) {
  return (
    <Anchor
      component={Link}
      href={href}
      size="sm"
      underline="hover"
      display="inline-flex"
      style={{ alignItems: "center", gap: 4, alignSelf: "start" }}
    >
      <IconArrowLeft size={16} aria-hidden /> All stories
    </Anchor>
  );
}
