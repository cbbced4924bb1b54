import { NumberInput, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import type { Schema } from "@/api/client";
import type { Fields } from "@/automation/Config";
import { whole } from "@/automation/numbers";

type QuietHours = Schema<"QuietHours">;
const HOUR_S = 3600;

/** Whether SwarmUI is started and stopped for a run, and when nothing may hum. */
export function NightFields({ config, faults, change }: Fields) {
  const quiet = config.quietHours ?? null;
  const set = (changed: Partial<QuietHours>) =>
    quiet && change({ quietHours: { ...quiet, ...changed } });
  return (
    <Stack>
      <Switch
        label="Start SwarmUI for a run"
        checked={config.autoStart}
        onChange={(event) => change({ autoStart: event.currentTarget.checked })}
      />
      <Switch
        label="Stop it in the end"
        description="Only if it was started here"
        checked={config.autoShutdown}
        onChange={(event) => change({ autoShutdown: event.currentTarget.checked })}
      />
      <NumberInput
        label="Wait for prompts of another service at most"
        suffix=" hours"
        min={0}
        value={Math.round(config.maxPromptsWait / HOUR_S)}
        error={faults.maxPromptsWait}
        onChange={(value) =>
          change({ maxPromptsWait: whole(value, config.maxPromptsWait / HOUR_S) * HOUR_S })
        }
      />
      <Switch
        label="Quiet hours"
        description="No GPU works in them; a run waits, and goes on by itself"
        checked={quiet !== null}
        onChange={(event) => change({ quietHours: event.currentTarget.checked ? usual() : null })}
      />
      {quiet && (
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <TextInput
            type="time"
            label="From"
            value={quiet.start}
            error={faults["quietHours.start"]}
            onChange={(event) => set({ start: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="To"
            value={quiet.end}
            error={faults["quietHours.end"]}
            onChange={(event) => set({ end: event.currentTarget.value })}
          />
          <TextInput
            label="Time zone"
            value={quiet.timezone}
            error={faults["quietHours.timezone"]}
            onChange={(event) => set({ timezone: event.currentTarget.value })}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}

function usual(): QuietHours {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { start: "22:00", end: "07:00", timezone: timeZone };
}
