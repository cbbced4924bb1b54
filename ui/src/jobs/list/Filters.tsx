import { Button, Group, MultiSelect, Select, TagsInput, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import classes from "@/jobs/list/Filters.module.css";
import { ALL, DAYS, isAll, type Wanted, WITHIN } from "@/jobs/list/wanted";
import { KINDS, STATUSES } from "@/jobs/words";
import { spelled } from "@/shared/StatusBadge";

const TYPING_MS = 250;
const TIMES = [
  ...Object.entries(WITHIN).map(([value, { label }]) => ({ value, label })),
  { value: DAYS, label: "Between two days" },
];
const KIND_NAMES = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }));

type Props = { wanted: Wanted; change: (part: Partial<Wanted>) => void; labelFault?: string };

/** What the list is to show. */
export function Filters({ wanted, change, labelFault }: Props) {
  const [opened, { toggle }] = useDisclosure();
  return (
    <search className={classes.filters} aria-label="Jobs" data-closed={!opened || undefined}>
      <Search q={wanted.q} onFind={(q) => change({ q })} />
      <Button
        className={classes.toggle}
        variant="default"
        hiddenFrom="md"
        onClick={toggle}
        aria-expanded={opened}
        leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
      >
        Filters
      </Button>
      <MultiSelect
        label="Status"
        placeholder={wanted.status.length ? "" : "Any"}
        data={STATUSES.map((value) => ({ value, label: spelled(value) }))}
        value={wanted.status}
        onChange={(status) => change({ status: status as Wanted["status"] })}
        clearable
      />
      <MultiSelect
        label="Kind"
        placeholder={wanted.kind.length ? "" : "Any"}
        data={KIND_NAMES}
        value={wanted.kind}
        onChange={(kind) => change({ kind: kind as Wanted["kind"] })}
        clearable
      />
      <Labels label={wanted.label} fault={labelFault} onChange={(label) => change({ label })} />
      <Select
        label="Made"
        placeholder="Any time"
        data={TIMES}
        value={wanted.within || null}
        onChange={(within) => change({ within: within ?? "" })}
        clearable
      />
      {wanted.within === DAYS && (
        <Group gap="xs" wrap="nowrap" className={classes.days}>
          <Day label="From" value={wanted.from} onChange={(from) => change({ from })} />
          <Day label="To" value={wanted.to} onChange={(to) => change({ to })} />
        </Group>
      )}
      {!isAll(wanted) && (
        <Button
          className={classes.clear}
          variant="subtle"
          leftSection={<IconX size={16} aria-hidden />}
          onClick={() => change(ALL)}
        >
          Clear filters
        </Button>
      )}
    </search>
  );
}

/** What is typed is looked for when the typing rests. */
function Search({ q, onFind }: { q: string; onFind: (q: string) => void }) {
  const [text, setText] = useState(q);
  const find = useDebouncedCallback(onFind, TYPING_MS);
  useEffect(() => setText(q), [q]);
  return (
    <TextInput
      className={classes.search}
      label="Search"
      placeholder="Name, headline, label or id"
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        find(value.trim());
      }}
      maxLength={200}
      data-search
    />
  );
}

type LabelProps = {
  label: string[];
  fault: string | undefined;
  onChange: (label: string[]) => void;
};

function Labels({ label, fault, onChange }: LabelProps) {
  const [wrong, setWrong] = useState("");
  return (
    <TagsInput
      label="Labels"
      placeholder={label.length ? "" : "team=web"}
      value={label}
      onChange={(tags) => {
        const bad = tags.find((tag) => !/^[^=]+=/.test(tag));
        setWrong(bad ? "Write a label as name=value" : "");
        if (!bad) onChange(tags);
      }}
      error={wrong || fault}
      clearable
    />
  );
}

type DayProps = { label: string; value: string; onChange: (day: string) => void };

function Day({ label, value, onChange }: DayProps) {
  return (
    <TextInput
      label={label}
      type="date"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
