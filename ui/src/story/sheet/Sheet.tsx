import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Episode } from "@/story/data/episode";
import type { Run, Shot } from "@/story/data/runs";
import { NoPictures } from "@/story/sheet/NoPictures";
import classes from "@/story/sheet/sheet.module.css";
import { Tile } from "@/story/sheet/Tile";
import { hasEnded } from "@/story/words";

type Props = { run: Run; episode: Episode | undefined };

/** The contact sheet: each picture at its place, from the moment on that it is known to come. */
export function Sheet({ run, episode }: Props) {
  const [aspect, setAspect] = useState<Shot["aspect"]>();
  const aspects = run.config.aspects;
  const shown = aspect && aspects.includes(aspect) ? aspect : (aspects[0] ?? "cinematic");
  const openings = useMemo(() => openingsOf(run.shots, episode), [run.shots, episode]);
  if (!run.shots.length) return <Coming run={run} />;
  return (
    <Stack gap="lg">
      {aspects.length > 1 && (
        <SegmentedControl
          aria-label="Shape"
          data={[
            { value: "cinematic", label: "Landscape" },
            { value: "vertical", label: "Portrait" },
          ]}
          value={shown}
          onChange={(value) => setAspect(value as Shot["aspect"])}
          style={{ alignSelf: "start" }}
        />
      )}
      <ul className={classes.sheet} data-aspect={shown} aria-label="Pictures">
        {run.shots.map(
          (shot) =>
            shot.aspect === shown && (
              <Tile key={shot.id} runId={run.runId} shot={shot} scene={openings.get(shot.id)} />
            ),
        )}
      </ul>
    </Stack>
  );
}

function Coming({ run }: { run: Run }) {
  if (hasEnded(run)) return <NoPictures run={run} />;
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

/** The pictures with which a scene opens, in each shape, and its heading. */
function openingsOf(shots: readonly Shot[], episode: Episode | undefined): Map<string, string> {
  const scenes = new Map(
    episode?.scenes.flatMap(({ title, beats }, at) =>
      beats.map(({ id }) => [id, { title, at }] as const),
    ),
  );
  const last = new Map<string, number>();
  const openings = new Map<string, string>();
  for (const { id, aspect, beatId } of shots) {
    const scene = scenes.get(beatId);
    if (!scene || last.get(aspect) === scene.at) continue;
    last.set(aspect, scene.at);
    openings.set(id, scene.title);
  }
  return openings;
}
