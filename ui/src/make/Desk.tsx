import { Button, Collapse, Grid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useLocation } from "wouter";
import { Fault } from "@/api/fault";
import { ARRIVED } from "@/make/arriving";
import type { Brought } from "@/make/bringing";
import { Commands } from "@/make/Commands";
import { known, type Look, labelsOf, ORDINARY, useKept, type Wish } from "@/make/choices";
import { DropArea } from "@/make/DropArea";
import { LookFields } from "@/make/LookFields";
import { MoreFields } from "@/make/MoreFields";
import { inputOf, useMake } from "@/make/making";
import { PasteCode } from "@/make/PasteCode";
import { Recent } from "@/make/Recent";
import { Sample } from "@/make/Sample";
import {
  fileOf,
  looksLikeCode,
  MOST_FILES,
  nameFor,
  type Source,
  sample,
  sourceOf,
} from "@/make/sources";
import { FaultNote } from "@/shared/FaultNote";
import { freshKey } from "@/shared/freshKey";
import { usePresets } from "@/shared/presets";
import { Refused } from "@/shared/Refused";
import { useIsHere } from "@/shared/useIsHere";

type Props = { brought: Brought | undefined; onTaken: () => void };

/** Where one brings something, and chooses what becomes of it. */
export function Desk({ brought, onTaken }: Props) {
  const [, go] = useLocation();
  const presets = usePresets();
  const [kept, keep] = useKept();
  const [changes, change] = useState<Partial<Wish>>({});
  const [would, look] = useState<Partial<Look>>({});
  const [refused, refuse] = useState<string[]>([]);
  // Of several at once one sees how far each is, and why others are not among them.
  const [several, gather] = useState(0);
  const [pasting, paste] = useState<string>();
  const [more, fold] = useDisclosure();
  const make = useMake();
  const isHere = useIsHere();
  const asked = { ...ORDINARY, ...kept, ...changes };
  const wish = presets.data ? known(asked, presets.data) : asked;
  const faults = make.error instanceof Fault ? make.error.fields : {};
  const take = useEffectEvent(({ files, text = "" }: Brought) => {
    onTaken();
    // What is being written there would be gone with this view.
    if (pasting !== undefined) notifications.show({ color: "orange", message: FIRST_THE_CODE });
    else if (files) void begin(files);
    else if (looksLikeCode(text)) void begin([fileOf(text, nameFor(text))]);
    else paste(text);
  });
  useEffect(() => {
    if (brought) take(brought);
  }, [brought]);
  const trySample = () => void sample().then((file) => begin([file]));

  const chosen = (changed: Partial<Wish>) => {
    change({ ...changes, ...changed });
    keep({ ...wish, ...changed });
  };
  const recent = <Recent least={several} onSample={trySample} />;
  return (
    <Stack gap="xl" maw={1240} mx="auto">
      <Stack gap={4}>
        <Title order={1}>Make a storyboard</Title>
        <Text c="dimmed">
          Your code or your roadmap becomes one page that customers understand.
        </Text>
      </Stack>
      <DropArea
        busy={make.isPending}
        onFiles={(files) => void begin(files)}
        onPaste={() => paste("")}
        onSample={trySample}
      />
      <Refused why={refused} />
      {make.error && (
        <FaultNote
          error={make.error}
          retry={() => void send(several === 0, make.variables ?? [])}
        />
      )}
      {several > 0 && recent}
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 5 }} order={{ base: 2, md: 1 }}>
          {presets.data ? (
            <LookFields
              look={wish}
              presets={presets.data}
              onChange={chosen}
              onLook={look}
              faults={faults}
            />
          ) : presets.error ? (
            <FaultNote error={presets.error} retry={() => void presets.refetch()} />
          ) : (
            <Skeleton height={430} role="status" aria-label="Loading" />
          )}
          <Button
            variant="subtle"
            size="compact-sm"
            mt="sm"
            onClick={fold.toggle}
            aria-expanded={more}
            rightSection={
              more ? (
                <IconChevronUp size={16} aria-hidden />
              ) : (
                <IconChevronDown size={16} aria-hidden />
              )
            }
          >
            More choices
          </Button>
          <Collapse expanded={more}>
            <MoreFields wish={wish} onChange={chosen} faults={faults} />
            <Commands
              kind="code"
              fileName="your_file.py"
              input={inputOf({ source: { kind: "code" }, wish })}
              priority={wish.priority}
              labels={labelsOf(wish.labels) ?? {}}
            />
          </Collapse>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }} order={{ base: 1, md: 2 }}>
          <Sample look={{ ...wish, ...would }} />
        </Grid.Col>
      </Grid>
      {several === 0 && recent}
      {pasting !== undefined && (
        <PasteCode
          text={pasting}
          busy={make.isPending}
          onClose={() => paste(undefined)}
          onMake={(file) => {
            paste(undefined);
            void begin([file]);
          }}
        />
      )}
    </Stack>
  );

  async function begin(files: readonly File[]) {
    if (files.length === 0) return;
    if (make.isPending) return refuse((why) => [...why, FIRST_THE_OTHERS]);
    const looked = await Promise.all(files.slice(0, MOST_FILES).map(sourceOf));
    const sources = looked.filter((one): one is Source => typeof one !== "string");
    const why = looked.filter((one) => typeof one === "string");
    if (files.length > MOST_FILES) why.push(`At most ${MOST_FILES} files are taken at once.`);
    if (!labelsOf(wish.labels)) why.push("The labels cannot be read: look at them first.");
    refuse(why);
    if (sources.length === 0 || !labelsOf(wish.labels)) return;
    const isOne = files.length === 1;
    gather(isOne ? 0 : sources.length);
    await send(
      isOne,
      sources.map((source) => ({ source, wish, key: freshKey() })),
    );
  }

  /** Tells what became of the orders, also when one looks at something else by then. */
  async function send(isOne: boolean, orders: Parameters<typeof make.mutate>[0]) {
    try {
      const { made, refused } = await make.mutateAsync(orders);
      if (isHere.current) refuse((why) => [...why, ...refused]);
      else refused.forEach(warn);
      const [first] = made;
      if (!isOne) notifications.show({ message: `${many(made.length)} being made.` });
      else if (first && isHere.current) go(`/studio/make/${first.id}`, { state: ARRIVED });
    } catch (error) {
      // Who is here sees it, and can try again.
      if (!isHere.current && error instanceof Error) warn(error.message);
    }
  }
}

const FIRST_THE_CODE = "Close the code that you are writing first: it would be lost.";
const FIRST_THE_OTHERS =
  "The files before these are still being sent: bring these again in a moment.";

function warn(message: string) {
  notifications.show({ color: "orange", message, autoClose: false });
}

function many(boards: number): string {
  return boards === 1 ? "One storyboard is" : `${boards} storyboards are`;
}
