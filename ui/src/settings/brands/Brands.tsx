import { Button, SimpleGrid, Stack, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link, Route, Switch } from "wouter";
import type { Session } from "@/session/session";
import { brandsAt, newBrandAt } from "@/settings/brands/addresses";
import { BrandCard } from "@/settings/brands/BrandCard";
import { type Profile, usePresets } from "@/settings/brands/data";
import { EditorPage } from "@/settings/brands/EditorPage";
import { Section } from "@/settings/shared/Section";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";

/** Whose boards are drawn: all brands, and the desk at which one is made. */
export function Brands({ session }: { session: Session }) {
  return (
    <Switch>
      <Route path={brandsAt}>
        <All session={session} />
      </Route>
      <Route path={newBrandAt}>
        <EditorPage />
      </Route>
      <Route path={`${brandsAt}/:key`}>
        {({ key }) => <EditorPage key={key} brandKey={key} />}
      </Route>
      <Route>
        <Empty title="There is no such brand" />
      </Route>
    </Switch>
  );
}

function All({ session }: { session: Session }) {
  const presets = usePresets();
  return (
    <Section
      title="Brands"
      lead="Each has its colours, its logo and the words of its trade. A storyboard is drawn for one of them."
      action={
        <Button component={Link} href={newBrandAt} leftSection={<IconPlus size={16} aria-hidden />}>
          New brand
        </Button>
      }
    >
      <Ask query={presets} height="60dvh">
        {({ icp }) => (
          <Stack gap="xl">
            <Group title="Yours" org={session.org_id} profiles={icp.filter(isYours)} />
            <Group
              title="For everybody"
              org={session.org_id}
              profiles={icp.filter((one) => !isYours(one))}
            />
          </Stack>
        )}
      </Ask>
    </Section>
  );
}

type GroupProps = { title: string; org: string; profiles: readonly Profile[] };

function Group({ title, org, profiles }: GroupProps) {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={3} size="h4">
        {title}
      </Title>
      {profiles.length ? (
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="lg">
          {profiles.map((one) => (
            <BrandCard key={one.key} profile={one} org={org} />
          ))}
        </SimpleGrid>
      ) : (
        <Empty title="No brand of your own yet" icon={<IconPlus size={28} aria-hidden />}>
          Begin with a new one, or copy one of those below and make it yours.
        </Empty>
      )}
    </Stack>
  );
}

function isYours({ origin }: Profile): boolean {
  return origin === "stored";
}
