import { Group, Radio, Stack, Text } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "@/make/Options.module.css";

type Option<T extends string> = { key: T; name: string; description: string };
type Props<T extends string> = {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
  /** Told what the pointer is at, and undefined when it leaves. */
  onLook?: ((value: T | undefined) => void) | undefined;
  hint?: ReactNode;
};

/** One of a few, all of them in sight; what is chosen is said in a line. */
export function Options<T extends string>(props: Props<T>) {
  const { label, options, value, onChange, onLook, hint } = props;
  const id = useId();
  const chosen = options.find(({ key }) => key === value);
  return (
    <Radio.Group
      value={value}
      onChange={(next) => onChange(next as T)}
      label={label}
      labelProps={{ fw: 600 }}
    >
      <Stack gap={4} mt={6}>
        <Group gap={6} onMouseLeave={() => onLook?.(undefined)}>
          {options.map(({ key, name }) => (
            <Radio.Card
              key={key}
              value={key}
              className={classes.option ?? ""}
              onMouseEnter={() => onLook?.(key)}
              aria-describedby={key === value ? id : undefined}
            >
              {name}
            </Radio.Card>
          ))}
        </Group>
        <Text size="xs" c="dimmed" id={id} mih="1.2rem">
          {chosen?.description}
        </Text>
        {hint && (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        )}
      </Stack>
    </Radio.Group>
  );
}
