import { Alert, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";

/** What was brought and cannot be taken, in a sentence for each. */
export function Refused({ why }: { why: readonly string[] }) {
  if (why.length === 0) return null;
  return (
    <Alert color="orange" icon={<IconAlertCircle aria-hidden />} role="alert">
      <List size="sm" listStyleType="none">
        {[...new Set(why)].map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
