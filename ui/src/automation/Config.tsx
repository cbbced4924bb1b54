import { Button, Divider, Group, Stack, Switch, Text } from "@mantine/core";
import {
  type UseMutationResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { areAllSaid, type Faults, faultsLeft, faultsOf } from "@/automation/faults";
import { GpuFields } from "@/automation/GpuFields";
import { NightFields } from "@/automation/NightFields";
import { PictureFields } from "@/automation/PictureFields";
import { Ask } from "@/shared/Ask";
import { Card } from "@/shared/Card";
import { FaultNote } from "@/shared/FaultNote";

export type RunConfig = Schema<"RunConfig">;
/** Some fields with new values. */
export type Change = (changed: Partial<RunConfig>) => void;
export type Fields = { config: RunConfig; faults: Faults; change: Change };

/** What every run of the organisation begins with, unless it says otherwise itself. */
export function Config() {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["run config"],
    queryFn: () => body(api.GET("/api/v1/automation/config")),
  });
  const saving = useMutation({
    mutationFn: (config: RunConfig) => body(api.PUT("/api/v1/automation/config", { body: config })),
    onSuccess: (saved) => client.setQueryData(["run config"], saved),
  });
  return (
    <Card title="Lights-out runs">
      <Ask query={query} height={640}>
        {(config) => <Form key={JSON.stringify(config)} kept={config} saving={saving} />}
      </Ask>
    </Card>
  );
}

type FormProps = { kept: RunConfig; saving: UseMutationResult<RunConfig, Error, RunConfig> };

function Form({ kept, saving }: FormProps) {
  const [config, setConfig] = useState(kept);
  const change: Change = (changed) => setConfig((config) => ({ ...config, ...changed }));
  const isChanged = JSON.stringify(config) !== JSON.stringify(kept);
  const refused = faultsOf(saving.error);
  const faults = faultsLeft(refused, saving.variables, config);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Whoever does not see the form hears there what is wrong.
    if (!saving.error) return;
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    wrong?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "center" }); // with its label, which the head of the page would hide
  }, [saving.error]);
  return (
    <form ref={form} onSubmit={submit}>
      <Stack>
        <Switch
          size="lg"
          label="Start by itself"
          description="A run begins as soon as all prompts of a session are there, whoever sent them"
          checked={kept.enabled}
          disabled={saving.isPending}
          onChange={(event) => saving.mutate({ ...kept, enabled: event.currentTarget.checked })}
        />
        <Divider label="Pictures" labelPosition="left" />
        <PictureFields config={config} faults={faults} change={change} />
        <Divider label="GPU" labelPosition="left" />
        <GpuFields config={config} faults={faults} change={change} />
        <Divider label="SwarmUI and the night" labelPosition="left" />
        <NightFields config={config} faults={faults} change={change} />
        {saving.error && !areAllSaid(refused) && <FaultNote error={saving.error} />}
        <Group justify="flex-end" role="status">
          {Object.keys(faults).length > 0 && (
            <Text size="sm" c="var(--mantine-color-error)">
              Not saved: what is wrong stands at its field.
            </Text>
          )}
          {!isChanged && (
            <Text size="sm" c="dimmed">
              {saving.isSuccess
                ? "Saved. Runs that begin from now on go by it."
                : "Nothing is changed."}
            </Text>
          )}
          <Button variant="default" disabled={!isChanged} onClick={undo}>
            Undo
          </Button>
          <Button type="submit" disabled={!isChanged} loading={saving.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );

  function undo() {
    setConfig(kept);
    saving.reset();
  }

  function submit(event: React.SubmitEvent) {
    event.preventDefault();
    saving.mutate(config);
  }
}
