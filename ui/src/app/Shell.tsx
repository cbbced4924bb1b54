import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Group,
  NavLink,
  Skeleton,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKeyboard, IconMoon, IconSun } from "@tabler/icons-react";
import { Suspense } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { Connected } from "@/app/Connected";
import { NotFound } from "@/app/NotFound";
import { PLACES } from "@/app/places";
import { Shortcuts, useShortcuts } from "@/app/Shortcuts";
import { Trouble } from "@/app/Trouble";
import type { Session } from "@/session/session";
import { Whose } from "@/session/Whose";
import { useNoStrayDrops } from "@/shared/dropping";
import { Mark } from "@/shared/Mark";

/** The frame around every view. */
export function Shell({ session }: { session: Session }) {
  const [opened, menu] = useDisclosure();
  const [helping, help] = useDisclosure();
  useShortcuts(help.toggle);
  useNoStrayDrops();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 200, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding="md"
    >
      <Anchor href="#main" className="skip">
        Skip to the content
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? "Close the menu" : "Open the menu"}
            />
            <Mark />
            <Text fw={700} size="lg">
              Storyloom
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Connected />
            <Whose session={session} />
            <Tooltip label="Keyboard shortcuts (?)">
              <ActionIcon
                variant="subtle"
                onClick={help.open}
                aria-label="Keyboard shortcuts"
                visibleFrom="sm"
              >
                <IconKeyboard size={20} />
              </ActionIcon>
            </Tooltip>
            <ColorScheme />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Views">
        <Places onGo={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Trouble>
          <Suspense fallback={<Skeleton height="60dvh" role="status" aria-label="Loading" />}>
            <Views />
          </Suspense>
        </Trouble>
      </AppShell.Main>
      <Shortcuts opened={helping} onClose={help.close} />
    </AppShell>
  );
}

function Places({ onGo }: { onGo: () => void }) {
  const [here] = useLocation();
  return PLACES.map(({ path, label, icon: Icon }) => {
    const isHere =
      path === "/" ? here === "/" || here.startsWith("/studio/make") : here.startsWith(path);
    return (
      <NavLink
        key={path}
        component={Link}
        href={path}
        label={label}
        leftSection={<Icon size={18} aria-hidden />}
        active={isHere}
        aria-current={isHere ? "page" : undefined}
        onClick={onGo}
      />
    );
  });
}

function Views() {
  return (
    <Switch>
      {PLACES.map(({ path, view: View }) => (
        <Route
          key={path}
          path={path === "/" ? /^\/(?:studio\/make.*)?$/ : new RegExp(`^${path}(?:/.*)?$`)}
        >
          <View />
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const other = isDark ? "light" : "dark";
  return (
    <ActionIcon
      variant="subtle"
      onClick={() => setColorScheme(other)}
      aria-label={`Make it ${other}`}
    >
      {isDark ? <IconSun size={20} /> : <IconMoon size={20} />}
      <VisuallyHidden>{`Make it ${other}`}</VisuallyHidden>
    </ActionIcon>
  );
}
