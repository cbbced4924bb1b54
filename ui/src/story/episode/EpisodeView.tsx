import { Alert, Stack, Text, Title } from "@mantine/core";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";
import { type Episode, isGone, useEpisode } from "@/story/data/episode";
import type { Run } from "@/story/data/runs";
import { LeftOver } from "@/story/drafts/LeftOver";
import { namesIn } from "@/story/drafts/names";
import { BeatCard } from "@/story/episode/BeatCard";
import classes from "@/story/episode/beats.module.css";
import { Looks } from "@/story/episode/Looks";
import { NoSuch } from "@/story/NoSuch";
import { many } from "@/story/words";

type Props = {
  timestamp: number;
  /** A run of it has not ended. */
  isGoing: boolean;
  /** What a run knows of its beats. */
  beats: Run["beats"] | undefined;
};

/** The story as it was read: who is in it, and its beats scene by scene. */
export function EpisodeView({ timestamp, isGoing, beats }: Props) {
  const episode = useEpisode(timestamp);
  if (isGone(episode)) return <NoSuch timestamp={timestamp} />;
  return (
    <Ask query={episode} height={480}>
      {(found) => (
        <Stack gap="xl">
          <LeftOver timestamp={timestamp} present={namesIn(timestamp, found)} />
          <Told timestamp={timestamp} isGoing={isGoing} beats={beats} episode={found} />
        </Stack>
      )}
    </Ask>
  );
}

function Told({ timestamp, isGoing, beats: known, episode }: Props & { episode: Episode }) {
  const { scenes, bible, toCome, isElsewhere } = episode;
  const outdated = new Map(known?.map((beat) => [beat.beatId, beat.outdated]));
  if (!scenes.length)
    return (
      <Empty title={isGoing ? "The script is being read" : "No beats are found yet"}>
        {isGoing
          ? "Beats come here as they are found."
          : "A run finds them: choose how far it is to go, and start it."}
      </Empty>
    );
  const mayEdit = toCome === 0;
  return (
    <>
      {toCome > 0 && (
        <Alert color="blue" role="status">
          {many(toCome, "scene")} still to be read. Beats and looks can be edited then.
        </Alert>
      )}
      <Looks timestamp={timestamp} bible={bible} mayEdit={mayEdit} />
      <section aria-labelledby="beats">
        <Title order={2} size="h3" id="beats">
          Beats
        </Title>
        {isGoing && (
          <Text size="sm" c="dimmed">
            What you change counts for pictures that are not made yet. Others can be made anew.
          </Text>
        )}
        {/* Side by side, so that a form in which somebody writes stays where others add a scene. */}
        <Stack gap="xs" mt="sm">
          {scenes.flatMap(({ title, synopsis, beats }, at) => [
            // biome-ignore lint/suspicious/noArrayIndexKey: scenes have no other name
            <div key={`scene ${at}`} className={classes.scene}>
              <Title order={3} size="h5" style={{ overflowWrap: "anywhere" }}>
                {title || `Scene ${at + 1}`}
              </Title>
              {synopsis && (
                <Text size="sm" c="dimmed">
                  {synopsis}
                </Text>
              )}
            </div>,
            ...beats.map((beat) => (
              <BeatCard
                key={beat.key}
                timestamp={timestamp}
                beat={beat}
                names={bible}
                mayEdit={mayEdit}
                isGoing={isGoing}
                isElsewhere={isElsewhere}
                outdated={outdated.get(beat.id)}
              />
            )),
          ])}
        </Stack>
      </section>
    </>
  );
}
