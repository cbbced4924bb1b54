import { Button, Grid, Group, Stack, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { Fault } from "@/api/fault";
import { brandAt, brandsAt } from "@/settings/brands/addresses";
import { Colours } from "@/settings/brands/Colours";
import {
  type Catalogue,
  type Profile,
  useKeeping,
  useLogo,
  useRemoving,
} from "@/settings/brands/data";
import { type Draft, keyOf } from "@/settings/brands/draft";
import { LogoField } from "@/settings/brands/LogoField";
import { Names } from "@/settings/brands/Names";
import { Sample } from "@/settings/brands/Sample";
import { Words } from "@/settings/brands/Words";
import { Confirm } from "@/settings/shared/Confirm";
import classes from "@/settings/shared/list.module.css";
import { FaultNote } from "@/shared/FaultNote";

type Props = { begun: Draft; kept?: Profile; catalogue: Catalogue };

/** One brand as it is written, with a board of it beside that follows. */
export function Editor({ begun, kept, catalogue }: Props) {
  const [, go] = useLocation();
  const [draft, setDraft] = useState(begun);
  const keeping = useKeeping();
  const removing = useRemoving();
  const logo = useLogo();
  const [pending, setPending] = useState<File | null>(null);
  const change = (more: Partial<Draft>) => setDraft((was) => ({ ...was, ...more }));
  const key = kept ? kept.key : draft.key || keyOf(draft.name);
  const isTaken = !kept && catalogue.icp.some((one) => one.key === key);
  const faults = keeping.error instanceof Fault ? keeping.error.fields : {};
  const save = (event: React.SubmitEvent) => {
    event.preventDefault();
    keeping.mutate(
      { ...draft, key },
      {
        onSuccess: () =>
          pending && !kept ? logo.mutate({ key, file: pending }, { onSettled: done }) : done(),
      },
    );
  };
  const done = (_?: unknown, refused?: Error | null) => {
    if (refused) notifications.show({ color: "red", message: `No logo: ${refused.message}` });
    notifications.show({ message: "It is kept. New storyboards can be drawn for it." });
    if (!kept) go(brandAt(key));
  };
  return (
    <Stack gap="md">
      <Title order={2} size="h3" className={classes.any}>
        {kept ? kept.name : "New brand"}
      </Title>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Sample draft={draft} kept={kept} catalogue={catalogue} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack component="form" gap="lg" onSubmit={save} aria-label="Brand">
            <Names
              draft={draft}
              keyShown={key}
              isNew={!kept}
              isTaken={isTaken}
              faults={faults}
              change={change}
            />
            <Colours draft={draft} kept={kept} faults={faults} change={change} />
            <LogoField
              kept={kept}
              pending={pending}
              sending={logo}
              give={(file) => (kept ? logo.mutate({ key, file }) : setPending(file))}
            />
            <Words draft={draft} faults={faults} change={change} />
            {keeping.error && <FaultNote error={keeping.error} />}
            {removing.error && <FaultNote error={removing.error} />}
            <Group justify="space-between">
              <Button
                type="submit"
                loading={keeping.isPending || (!kept && logo.isPending)}
                disabled={!key || isTaken}
              >
                Keep this brand
              </Button>
              {kept && (
                <Confirm
                  label="Remove"
                  about={kept.name}
                  icon={<IconTrash size={16} aria-hidden />}
                  says="New storyboards cannot be drawn for it any more. Those that are there stay as they are."
                  yes="Remove the brand"
                  no="Keep it"
                  loading={removing.isPending}
                  onYes={() => removing.mutate(kept.key, { onSuccess: () => go(brandsAt) })}
                />
              )}
            </Group>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
