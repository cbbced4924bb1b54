import {
  AspectRatio,
  Badge,
  Button,
  Card,
  ColorSwatch,
  Group,
  Image,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconCopy, IconPencil } from "@tabler/icons-react";
import { Link } from "wouter";
import { brandAt, copyAt } from "@/settings/brands/addresses";
import type { Profile } from "@/settings/brands/data";
import classes from "@/settings/shared/list.module.css";

type Props = { profile: Profile; org: string };

/** A brand at a glance: a board of it, its colours, and what can be done with it. */
export function BrandCard({ profile, org }: Props) {
  const { key, name, description, brand, origin, warnings } = profile;
  return (
    <Card component="article" withBorder padding="md" data-brand={key}>
      <Card.Section withBorder>
        <AspectRatio ratio={16 / 9}>
          <Image
            src={sampleOf(profile, org)}
            alt={`A board of ${name}`}
            width={480}
            height={270}
            loading="lazy"
          />
        </AspectRatio>
      </Card.Section>
      <Stack gap="xs" mt="md" h="100%">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Title order={4} size="h5" className={classes.any} lineClamp={2}>
            {name}
          </Title>
          {origin !== "stored" && (
            <Badge variant="light" color="gray" tt="none" flex="none">
              {origin}
            </Badge>
          )}
        </Group>
        <Group gap={6} wrap="nowrap">
          <ColorSwatch color={brand.palette.primary} size={18} aria-hidden />
          <ColorSwatch color={brand.palette.accent} size={18} aria-hidden />
          <Text size="sm" c="dimmed" truncate>
            {brand.name}
          </Text>
        </Group>
        {description && (
          <Text size="sm" c="dimmed" lineClamp={2} className={classes.any}>
            {description}
          </Text>
        )}
        {warnings.length > 0 && origin === "stored" && (
          <Text size="sm" c="dimmed">
            Some colours are drawn otherwise, so that words can be read.
          </Text>
        )}
        <Group gap="xs" mt="auto">
          {origin === "stored" && (
            <Button
              component={Link}
              href={brandAt(key)}
              variant="light"
              size="compact-sm"
              leftSection={<IconPencil size={14} aria-hidden />}
              aria-label={`Edit ${name}`}
            >
              Edit
            </Button>
          )}
          <Button
            component={Link}
            href={copyAt(key)}
            variant="subtle"
            size="compact-sm"
            leftSection={<IconCopy size={14} aria-hidden />}
            aria-label={`Make a copy of ${name}`}
          >
            Make a copy
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

/** A sample may be kept for a minute: of another organisation, or changed since, it is another one. */
function sampleOf({ key, updated_at }: Profile, org: string): string {
  const asked = new URLSearchParams({ icp_preset: key, width: "480" });
  if (updated_at) asked.set("as_of", `${org} ${updated_at}`);
  return `/v1/previews/board?${asked}`;
}
