import { SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { Empty } from "@/shared/Empty";
import type { Episode } from "@/story/data/episode";
import type { Run, Shot } from "@/story/data/runs";
import classes from "@/story/sheet/sheet.module.css";
import { Tile } from "@/story/sheet/Tile";
import { hasEnded } from "@/story/words";

type Props = { run: Run; episode: Episode | undefined };

/** The contact sheet: each picture at its place, from the moment on that it is known to come. */
export function Sheet({ run, episode }: Props) {
  const [aspect, setAspect] = useState<Shot["aspect"]>();
  const aspects = run.config.aspects;
  const shown = aspect && aspects.includes(aspect) ? aspect : (aspects[0] ?? "cinematic");
  const groups = useMemo(() => grouped(run.shots, shown, episode), [run.shots, shown, episode]);
  if (!run.shots.length) return <Coming run={run} />;
  return (
    <Stack gap="lg">
      {aspects.length > 1 && (
        <SegmentedControl
          aria-label="Shape"
          data={[
            { value: "cinematic", label: "Wide" },
            { value: "vertical", label: "Tall" },
          ]}
          value={shown}
          onChange={(value) => setAspect(value as Shot["aspect"])}
          style={{ alignSelf: "start" }}
        />
      )}
      {groups.map(({ title, shots }) => (
        <section key={shots[0]?.id} aria-label={title || "Pictures"}>
          {title && (
            <Title order={2} size="h5" mb="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {title}
            </Title>
          )}
          <ul className={classes.sheet} data-aspect={shown}>
            {shots.map((shot) => (
              <Tile key={shot.id} runId={run.runId} shot={shot} />
            ))}
          </ul>
        </section>
      ))}
    </Stack>
  );
}

function Coming({ run }: { run: Run }) {
  if (hasEnded(run))
    return (
      <Empty title="This run has made no pictures">
        {run.config.stopAfter === "images"
          ? "Its story tells what was found."
          : "It was to stop before them. Its story holds what was found; from there, pictures can be made."}
      </Empty>
    );
  return (
    <div>
      <Text c="dimmed" mb="sm">
        Pictures come here as soon as the first beats are found.
      </Text>
      <div className={classes.sheet} aria-hidden>
        {SOME.map((one) => (
          <div key={one} className={classes.coming} />
        ))}
      </div>
    </div>
  );
}

const SOME = [1, 2, 3, 4, 5, 6, 7, 8];

type Group = { title: string; shots: Shot[] };

/** In the story's order, by scenes where those are known. */
function grouped(
  shots: readonly Shot[],
  aspect: Shot["aspect"],
  episode: Episode | undefined,
): Group[] {
  const titles = new Map(
    episode?.scenes.flatMap(({ title, beats }, at) =>
      beats.map(({ id }) => [id, { title, at }] as const),
    ),
  );
  const groups: (Group & { at: number })[] = [];
  for (const shot of shots) {
    if (shot.aspect !== aspect) continue;
    const { title, at } = titles.get(shot.beatId) ?? { title: "", at: -1 };
    const last = groups.at(-1);
    if (last?.at === at) last.shots.push(shot);
    else groups.push({ title, at, shots: [shot] });
  }
  return groups;
}
