import { Alert, Group, Paper, Skeleton, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { Fault } from "@/api/fault";
import { type Claim, claimsOf, FIELDS, type Place, READERS } from "@/jobs/one/claims";
import classes from "@/jobs/one/Evidence.module.css";
import { useCode, useEvidence } from "@/jobs/one/job";
import { Screenshot } from "@/jobs/one/Screenshot";
import { Source } from "@/jobs/one/Source";
import { hasEnded, type Job } from "@/jobs/words";
import { FaultNote } from "@/shared/FaultNote";
import { plain } from "@/shared/plain";

/** What the storyboard says, beside what in the source bears it out. */
export function Evidence({ job }: { job: Job }) {
  const { data, error, refetch } = useEvidence(job.id);
  const claims = useMemo(() => claimsOf(data?.claims ?? []), [data]);
  const [shown, setShown] = useState<Place | null>(null);
  const source = useRef<HTMLDivElement>(null);
  const show = (place: Place) => {
    setShown(place);
    // Where they stand one under the other, the source is brought into sight.
    source.current?.scrollIntoView({ block: "nearest" });
  };
  const now = shown ?? claims.flatMap(({ places }) => places)[0] ?? null;
  return (
    <Paper component="section" withBorder radius="lg" p="md" aria-label="Evidence">
      <Title order={2} size="h4">
        Evidence
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {data?.read_by
          ? READERS[data.read_by]
          : "What the picture says, and where that comes from."}
        {now && " Choose a place to see it in the source."}
      </Text>
      {error && <FaultNote error={error} retry={() => void refetch()} />}
      <div className={classes.sides}>
        <Stack gap="sm">
          {data && !data.understood && (
            <Alert color="blue" icon={<IconInfoCircle aria-hidden />}>
              {hasEnded(job)
                ? "The source could not be read, so nothing is claimed."
                : "It is not read yet."}
            </Alert>
          )}
          {claims.map((claim) => (
            <ClaimView key={claim.field} claim={claim} shown={now} onShow={show} />
          ))}
        </Stack>
        <div ref={source} className={classes.source}>
          {job.kind === "roadmap_to_storyboard" ? (
            <Screenshot job={job} box={now?.box ?? null} />
          ) : (
            <CodeOf id={job.id} lines={now?.lines ?? null} />
          )}
        </div>
      </div>
    </Paper>
  );
}

type ClaimProps = { claim: Claim; shown: Place | null; onShow: (place: Place) => void };

function ClaimView({ claim, shown, onShow }: ClaimProps) {
  const isShown = !!shown && claim.places.includes(shown);
  return (
    <div className={classes.claim} data-shown={isShown || undefined} data-field={claim.field}>
      <Text size="xs" c="dimmed">
        {FIELDS[claim.field] ?? claim.field}
      </Text>
      <Text size="sm" mb={4} dir="auto">
        {plain(claim.text)}
      </Text>
      <Group gap={6}>
        {claim.places.map((place) => (
          <UnstyledButton
            key={place.name}
            className={classes.place}
            aria-pressed={place === shown}
            onClick={() => onShow(place)}
          >
            {place.name}
          </UnstyledButton>
        ))}
        {claim.places.length === 0 && (
          <Text size="xs" c="dimmed">
            Drawn from the whole
          </Text>
        )}
      </Group>
    </div>
  );
}

function CodeOf({ id, lines }: { id: string; lines: readonly [number, number] | null }) {
  const { data, error } = useCode(id);
  if (data) return <Source source={data} lines={lines} />;
  if (error instanceof Fault && error.code === "source_gone")
    return <Text size="sm">{error.message}</Text>;
  if (error) return <FaultNote error={error} />;
  return <Skeleton height={420} role="status" aria-label="Loading" />;
}
