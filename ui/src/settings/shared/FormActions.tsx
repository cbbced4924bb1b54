import { Button, Group } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { FaultNote } from "@/shared/FaultNote";

type Props = {
  /** What the form asks for. */
  asking: Pick<UseMutationResult, "error" | "isPending">;
  yes: string;
  isComplete: boolean;
  onClose: () => void;
};

/** The end of a form in a dialog: what was wrong with it, and whether it is to be done. */
export function FormActions({ asking, yes, isComplete, onClose }: Props) {
  return (
    <>
      {asking.error && <FaultNote error={asking.error} />}
      <Group>
        <Button type="submit" loading={asking.isPending} disabled={!isComplete}>
          {yes}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          Not now
        </Button>
      </Group>
    </>
  );
}
