import { Alert, Button, Group, Radio, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import type { Draft } from "@/settings/brands/draft";
import { type Difference, mineOf } from "@/settings/brands/merging";
import classes from "@/settings/shared/list.module.css";

type Props = {
  draft: Draft;
  differences: readonly Difference[];
  choose: (chosen: readonly Difference[], side: "theirs" | "mine") => void;
};

/** What somebody else has made of this brand meanwhile: place by place, theirs or one's own. */
export function Changed({ draft, differences, choose }: Props) {
  return (
    <Alert
      color="amber"
      icon={<IconUsers aria-hidden />}
      title="Somebody else has changed this brand meanwhile"
      role="alert"
    >
      <Stack gap="md">
        <Text size="sm">
          Choose what is to be so, and then keep it. Until then nothing is lost, neither theirs nor
          yours.
        </Text>
        {differences.map((one) => (
          <Radio.Group
            key={one.place.id}
            label={one.place.label}
            value={one.place.read(draft) === one.theirs ? "theirs" : "mine"}
            onChange={(side) => choose([one], side as "theirs" | "mine")}
            data-difference={one.place.id}
          >
            <Stack gap={6} mt={6}>
              <Side side="theirs" says={one.theirs} />
              <Side side="mine" says={mineOf(one, draft)} />
            </Stack>
          </Radio.Group>
        ))}
        <Group gap="xs">
          <Button size="xs" variant="light" onClick={() => choose(differences, "mine")}>
            All of mine
          </Button>
          <Button size="xs" variant="light" onClick={() => choose(differences, "theirs")}>
            All of theirs
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Side({ side, says }: { side: "theirs" | "mine"; says: string }) {
  const whose = side === "theirs" ? "Theirs" : "Mine";
  return (
    <Radio
      value={side}
      size="sm"
      label={
        <Text span inherit className={classes.any}>
          {whose}: {says || <em>nothing</em>}
        </Text>
      }
    />
  );
}
