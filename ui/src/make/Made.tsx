import {
  ActionIcon,
  Button,
  Grid,
  Loader,
  Modal,
  Skeleton,
  Stack,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { useDisclosure, useSessionStorage } from "@mantine/hooks";
import { IconArrowsMaximize } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useArrival } from "@/make/arriving";
import { Commands } from "@/make/Commands";
import { type Priority, RATIOS } from "@/make/choices";
import { Downloads } from "@/make/Downloads";
import { Fade } from "@/make/Fade";
import { LookFields } from "@/make/LookFields";
import classes from "@/make/Made.module.css";
import type { Work } from "@/make/making";
import { Ended, Notes } from "@/make/Notes";
import { useRevising } from "@/make/revising";
import { Stages } from "@/make/Stages";
import { Versions } from "@/make/Versions";
import {
  fileNameOf,
  hasEnded,
  imageOf,
  isPainted,
  lookOf,
  useBefore,
  useWords,
  type Words,
} from "@/make/work";
import { FaultNote } from "@/shared/FaultNote";
import { plain } from "@/shared/plain";
import { usePresets } from "@/shared/presets";

/** A storyboard as it comes to be, large; and beside it what may be changed, and what to do with it. */
export function Made({ id, work }: { id: string; work: Work | undefined }) {
  const presets = usePresets();
  const versions = useVersions(id, work);
  // The old picture stays until the new one is there.
  const [base, setBase] = useState<Work>();
  useEffect(() => {
    if (work?.status === "succeeded") setBase(work);
  }, [work]);
  const isOfFamily = base !== undefined && versions.includes(base.id);
  const shown = work?.status === "succeeded" ? work : isOfFamily ? base : undefined;
  const { look, change, takeFound, settle, isChanged, revise } = useRevising(work, shown, versions);
  const words = useWords(shown);
  const said = words.data?.said;
  const heading = useArrival(id);
  const [near, zoom] = useDisclosure();
  const title = plain(said?.headline ?? (work ? fileNameOf(work) : "Storyboard"));
  const format = (shown ?? work)?.input.format as keyof typeof RATIOS | undefined;
  const src = shown && imageOf(shown.id);
  return (
    <Stack gap="md">
      <Title
        order={1}
        size="h2"
        lineClamp={2}
        className={classes.title ?? ""}
        ref={heading}
        tabIndex={-1}
      >
        {title}
      </Title>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <div>
              <Fade src={src} alt={told(said, title)} ratio={RATIOS[format ?? "landscape"]}>
                {work && hasEnded(work) && !shown ? (
                  <Text c="dimmed">There is no picture.</Text>
                ) : (
                  <div className={classes.coming}>
                    <Skeleton height="100%" />
                    <Loader className={classes.loader ?? ""} aria-label="It is being made" />
                  </div>
                )}
              </Fade>
              {src && (
                <Tooltip label="See it as large as the window">
                  <ActionIcon
                    className={classes.near ?? ""}
                    variant="subtle"
                    size="lg"
                    onClick={zoom.open}
                    aria-label="See it as large as the window"
                  >
                    <IconArrowsMaximize size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
            </div>
            {work ? (
              <Stages work={work} headline={words.isFetching ? undefined : title} />
            ) : (
              <Skeleton height={40} />
            )}
            {work && hasEnded(work) && work.status !== "succeeded" && <Ended work={work} />}
            {shown && <Downloads work={shown} name={fileName(title)} />}
            {shown && <Notes work={shown} isForOthers={words.data?.isForOthers ?? false} />}
            <Versions ids={versions} current={id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          {presets.error && (
            <FaultNote error={presets.error} retry={() => void presets.refetch()} />
          )}
          {look && presets.data ? (
            <Stack gap="lg">
              <section aria-label="Change it">
                <LookFields
                  look={look}
                  presets={presets.data}
                  onChange={change}
                  headline={words.data?.found ?? said?.headline}
                  onFound={takeFound}
                />
                <Text size="xs" c="dimmed" mt={6}>
                  {isPainted(shown ?? work)
                    ? "This page is painted, so each change asks the image model for another one."
                    : "Redrawn at once; no model is asked."}{" "}
                  {words.data && aboutWords(words.data)}
                </Text>
                {isPainted(shown ?? work) && isChanged && (
                  <Button mt="xs" onClick={settle} loading={revise.isPending}>
                    Paint it again
                  </Button>
                )}
                {revise.failureReason && (
                  <FaultNote
                    error={revise.failureReason}
                    retry={() => revise.variables && revise.mutate(revise.variables)}
                  />
                )}
              </section>
              {shown && (
                <Commands
                  kind={shown.kind === "roadmap_to_storyboard" ? "roadmap" : "code"}
                  fileName={fileNameOf(shown)}
                  input={inputAgain(shown)}
                  priority={shown.priority as Priority}
                  labels={shown.labels}
                />
              )}
            </Stack>
          ) : (
            <Skeleton height={560} role="status" aria-label="Loading" />
          )}
        </Grid.Col>
      </Grid>
      <Modal opened={near} onClose={zoom.close} fullScreen title={title}>
        {src && <img src={src} alt={told(said, title)} className={classes.whole} />}
      </Modal>
    </Stack>
  );
}

/** All versions that are known here, in their order: those before this one, and those of this visit. */
function useVersions(id: string, work: Work | undefined): string[] {
  const [known, remember] = useSessionStorage<string[]>({
    key: "storyloom.versions",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const before = useBefore(work);
  useEffect(() => {
    if (!before.data) return;
    const own = [...before.data, id];
    remember((all) =>
      own.some((one) => all.includes(one)) ? [...new Set([...all, ...own])] : own,
    );
  }, [id, before.data, remember]);
  return known.includes(id) ? known : [id];
}

function aboutWords({ isByModel, isForOthers }: Words): string {
  if (isByModel)
    return "The words stay as a model wrote them: for other readers, bring the source again.";
  return isForOthers
    ? "The words stay as they were found: for other readers, bring the source again."
    : "For other readers, rules read the source anew.";
}

/** What to read to those who cannot see it. */
function told(words: Record<string, string> | undefined, title: string): string {
  const says = words?.what_it_does;
  return says && says !== title ? `${title}. ${says}` : title;
}

function fileName(title: string): string {
  return (
    title
      .replace(/[^\p{L}\p{N} _-]+/gu, "")
      .trim()
      .slice(0, 60) || "storyboard"
  );
}

/** The choices of a storyboard, as a new one is asked for with them. */
function inputAgain(work: Work): Record<string, unknown> {
  const { custom_headline, ...look } = lookOf(work);
  const { render, model, sanitize_ip } = work.input;
  return {
    ...look,
    ...(custom_headline && { custom_headline }),
    ...(render !== "composed" && { render }),
    ...(typeof model === "string" && model && { model }),
    ...(sanitize_ip === false && { sanitize_ip }),
  };
}
