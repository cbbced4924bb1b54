import { Alert, Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { Fault } from "@/api/fault";
import type { Scope, Session } from "@/session/session";
import type { useMaking } from "@/settings/keys/data";
import { SCOPES } from "@/settings/keys/scopes";
import { FormActions } from "@/settings/shared/FormActions";

type Props = { session: Session; making: ReturnType<typeof useMaking>; onClose: () => void };
const DAY_MS = 86_400_000;
const LASTS = [
  { value: "7", label: "in a week" },
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
  { value: "", label: "never, until it is revoked" },
];
const ALL = Object.keys(SCOPES) as Scope[];

/** What a key is for, what it opens, and until when. */
export function KeyForm({ session, making, onClose }: Props) {
  const isFirst = !session.needs_key;
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(isFirst ? ["admin"] : ["storyboards"]);
  const [days, setDays] = useState(isFirst ? "" : "90");
  const faults = making.error instanceof Fault ? making.error.fields : {};
  const isAll = scopes.includes("admin");
  return (
    <Stack component="form" onSubmit={make} aria-label="New key">
      {isFirst && (
        <Alert color="amber" icon={<IconLock aria-hidden />}>
          As soon as there is a key, every call needs one: this page signs in with it at once.
        </Alert>
      )}
      <TextInput
        label="What it is for"
        placeholder="The build server"
        required
        maxLength={100}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={faults.name}
      />
      <Checkbox.Group
        label="What it opens"
        required
        value={scopes}
        onChange={(chosen) => setScopes(chosen as Scope[])}
        error={faults.scopes}
      >
        <Stack gap="sm" mt="xs">
          {ALL.map((scope) => (
            <Checkbox
              key={scope}
              value={scope}
              label={SCOPES[scope].label}
              description={SCOPES[scope].says}
              disabled={isAll && scope !== "admin"}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {isFirst && !isAll && (
        <Alert color="amber" icon={<IconLock aria-hidden />}>
          With it this page makes no further keys: only <code>storyloom keys create</code>, on the
          server itself, does.
        </Alert>
      )}
      <Select
        label="It ends"
        data={LASTS}
        allowDeselect={false}
        value={days}
        onChange={(value) => setDays(value ?? "")}
        error={faults.expires_at}
      />
      <FormActions
        asking={making}
        yes="Make the key"
        isComplete={name.trim() !== "" && scopes.length > 0}
        onClose={onClose}
      />
    </Stack>
  );

  function make(event: React.SubmitEvent) {
    event.preventDefault();
    making.mutate({
      name: name.trim(),
      org_id: session.org_id,
      scopes: isAll ? ["admin"] : scopes,
      expires_at: days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null,
    });
  }
}
