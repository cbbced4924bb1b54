import { Badge, Tooltip } from "@mantine/core";
import { useConnection } from "@/live/bus";

/** Whether what is shown is what is: as long as the stream is open, it is. */
export function Connected() {
  const connection = useConnection();
  const isAway = connection === "away";
  const label = isAway
    ? "The server does not answer. What you see is as of the last time that it did; it is asked again."
    : "Every view follows what happens";
  return (
    <Tooltip label={label} multiline maw={260}>
      <Badge
        variant={isAway ? "filled" : "dot"}
        color={isAway ? "red" : connection === "live" ? "teal" : "gray"}
        tt="none"
        role="status"
        data-connection={connection}
      >
        {isAway ? "offline" : connection === "live" ? "live" : "connecting"}
      </Badge>
    </Tooltip>
  );
}
