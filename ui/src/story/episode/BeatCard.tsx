import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { memo } from "react";
import type { Beat, Entry } from "@/story/data/episode";
import { useDraft } from "@/story/drafts/Drafts";
import { nameOfBeat } from "@/story/drafts/names";
import { BeatForm } from "@/story/episode/BeatForm";
import classes from "@/story/episode/beats.module.css";
import { LABELS } from "@/story/episode/fields";
import { DECISION, type Outdated } from "@/story/words";

type Props = {
  timestamp: number;
  beat: Beat;
  names: Entry[];
  mayEdit: boolean;
  isGoing: boolean;
  isElsewhere: boolean;
  /** Its prompts are older than it. */
  outdated: Outdated | null | undefined;
};

/** One moment of the story: its words, whether it gets a picture, and why. */
export const BeatCard = memo(function BeatCard(props: Props) {
  const { timestamp, beat, names, mayEdit, isGoing, isElsewhere, outdated } = props;
  const [draft, setDraft] = useDraft(nameOfBeat(timestamp, beat));
  const { says, color } = DECISION[beat.decision] ?? { says: beat.decision, color: "gray" };
  const who = beat.characters.map((id) => names.find((one) => one.id === id)?.name ?? id);
  const prompts = Object.values(beat.prompts);
  const isSeenOtherwise = beat.text !== "" && inOneLine(beat.action) !== inOneLine(beat.text);
  return (
    <Paper
      withBorder
      p="sm"
      className={classes.beat}
      data-beat={beat.id}
      data-decision={beat.decision}
    >
      <Group align="start" wrap="nowrap" gap="sm">
        <Text fw={700} c="dimmed" w="2.2rem" ta="end" className={classes.number}>
          {beat.place}
        </Text>
        <Stack gap={6} flex={1} miw={0}>
          <Text style={{ overflowWrap: "anywhere" }}>{beat.text || beat.action || beat.id}</Text>
          {!draft && beat.action && isSeenOtherwise && (
            <Text size="sm" style={{ overflowWrap: "anywhere" }} data-seen>
              <strong>{LABELS.action}:</strong> {beat.action}
            </Text>
          )}
          <Group gap="xs">
            <Badge variant="light" color={color} tt="none">
              {says}
            </Badge>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {beat.reason}
              {beat.reuseOf && !isNamed(beat.reuseOf, beat.reason) && ` (${beat.reuseOf})`}
            </Text>
          </Group>
          {(beat.camera || who.length > 0) && (
            <Text size="sm" c="dimmed">
              {[beat.camera, ...who].filter(Boolean).join(" · ")}
            </Text>
          )}
          {!draft && prompts.length > 0 && (
            <Text size="sm" lineClamp={2} className={classes.prompt}>
              {prompts[0]}
            </Text>
          )}
          {outdated && (
            <Text size="sm" fs="italic" data-outdated>
              {outdated.says}{" "}
              {outdated.renews
                ? "They are written anew before its next picture."
                : "Somebody has given them, so they stay."}
            </Text>
          )}
          {draft && (
            <BeatForm
              timestamp={timestamp}
              beat={beat}
              isGoing={isGoing}
              isElsewhere={isElsewhere}
              draft={draft}
              onDraft={setDraft}
            />
          )}
        </Stack>
        {mayEdit && !draft && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => setDraft({ label: `Beat ${beat.place}`, typed: {} })}
            aria-label={`Edit beat ${beat.place}`}
          >
            Edit
          </Button>
        )}
      </Group>
    </Paper>
  );
});

/** The same words in other lines are the same. */
function inOneLine(words: string): string {
  return words.replaceAll(/\s+/g, " ").trim();
}

/** Whether the sentence names the beat itself. */
function isNamed(id: string, sentence: string): boolean {
  return sentence.split(/[^\w-]+/).includes(id);
}
