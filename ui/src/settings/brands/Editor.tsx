import { Alert, Button, Fieldset, Grid, Group, Stack, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { Fault } from "@/api/fault";
import { brandAt, brandsAt } from "@/settings/brands/addresses";
import { Changed } from "@/settings/brands/Changed";
import { Colours } from "@/settings/brands/Colours";
import {
  type Catalogue,
  isChanged,
  type Profile,
  useKeeping,
  useLogo,
  useRemoving,
} from "@/settings/brands/data";
import { type Draft, keyOf } from "@/settings/brands/draft";
import { LogoField } from "@/settings/brands/LogoField";
import { Names } from "@/settings/brands/Names";
import { Sample } from "@/settings/brands/Sample";
import { useDraft } from "@/settings/brands/useDraft";
import { useSampling } from "@/settings/brands/useSampling";
import { Words } from "@/settings/brands/Words";
import { Confirm } from "@/settings/shared/Confirm";
import classes from "@/settings/shared/list.module.css";
import { FaultNote } from "@/shared/FaultNote";

type Props = {
  begun: Draft;
  kept?: Profile;
  /** Whether somebody else has removed it meanwhile. */
  isGone?: boolean;
  catalogue: Catalogue;
};

/** One brand as it is written, with a board of it beside that follows. */
export function Editor({ begun, kept, isGone = false, catalogue }: Props) {
  const [, go] = useLocation();
  const keeping = useKeeping();
  const removing = useRemoving();
  const logo = useLogo();
  const isBusy = keeping.isPending || logo.isPending;
  const { draft, etag, differences, change, choose, settle } = useDraft(begun, kept, isBusy);
  const sampling = useSampling(draft, kept);
  const [pending, setPending] = useState<File | null>(null);
  const isNew = !kept && !isGone;
  const key = isNew ? draft.key || keyOf(draft.name) : begun.key;
  const isTaken = isNew && catalogue.icp.some((one) => one.key === key);
  const faults = keeping.error instanceof Fault ? keeping.error.fields : {};
  const save = (event: React.SubmitEvent) => {
    event.preventDefault();
    keeping.mutate(
      { draft: { ...draft, key }, etag: kept ? etag : null },
      {
        onSuccess: (now) => {
          settle(now);
          if (pending && !kept) logo.mutate({ key, file: pending }, { onSettled: done });
          else done();
        },
      },
    );
  };
  const done = (_?: unknown, refused?: Error | null) => {
    if (refused) notifications.show({ color: "red", message: `No logo: ${refused.message}` });
    notifications.show({ message: "It is kept. New storyboards can be drawn for it." });
    if (isNew) go(brandAt(key));
  };
  return (
    <Stack gap="md">
      <Title order={2} size="h3" className={classes.any}>
        {isNew ? "New brand" : (kept?.name ?? begun.name)}
      </Title>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Sample sampling={sampling} catalogue={catalogue} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <form onSubmit={save} aria-label="Brand">
            {/* A new one is looked at anew once it is kept: what would be written meanwhile was lost. */}
            <Fieldset variant="unstyled" disabled={isNew && isBusy}>
              <Stack gap="lg">
                <Names
                  draft={draft}
                  keyShown={key}
                  isNew={isNew}
                  isTaken={isTaken}
                  faults={faults}
                  change={change}
                />
                <Colours
                  draft={draft}
                  warnings={sampling.warnings}
                  faults={faults}
                  change={change}
                />
                <LogoField
                  kept={kept}
                  pending={pending}
                  sending={logo}
                  give={(file) => (kept ? logo.mutate({ key, file }) : setPending(file))}
                />
                <Words draft={draft} faults={faults} change={change} />
                {differences.length > 0 && (
                  <Changed draft={draft} differences={differences} choose={choose} />
                )}
                {isGone && !removing.isSuccess && !removing.isPending && (
                  <Alert color="amber" title="Somebody else has removed this brand" role="alert">
                    What you see is still here: keep it, and the brand is there again.
                  </Alert>
                )}
                {[keeping.error, removing.error].map(
                  (error) =>
                    error && !isChanged(error) && <FaultNote key={error.message} error={error} />,
                )}
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
                      onYes={() =>
                        removing.mutate({ key: kept.key, etag }, { onSuccess: () => go(brandsAt) })
                      }
                    />
                  )}
                </Group>
              </Stack>
            </Fieldset>
          </form>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
