import {
  Chip,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
} from "@mantine/core";
import type { Choices } from "@/story/data/start";

type Props = { choices: Choices; onChange: (changed: Partial<Choices>) => void };

/** What can be chosen for a run, in the words of whoever wants pictures. */
export function Chosen({ choices, onChange }: Props) {
  return (
    <Stack>
      <Input.Wrapper label="How far" labelElement="div" id="how-far">
        <div>
          <SegmentedControl
            aria-labelledby="how-far-label"
            data={[
              { value: "beats", label: "Beats" },
              { value: "prompts", label: "Prompts" },
              { value: "images", label: "Pictures" },
            ]}
            value={choices.stopAfter}
            onChange={(value) => onChange({ stopAfter: value as Choices["stopAfter"] })}
          />
        </div>
      </Input.Wrapper>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Input.Wrapper label="Shapes" labelElement="div" id="shapes">
          <Chip.Group
            multiple
            value={[...choices.aspects]}
            onChange={(aspects) =>
              aspects.length && onChange({ aspects: aspects as Choices["aspects"] })
            }
          >
            <Group gap="xs" role="group" aria-labelledby="shapes-label" mt={4}>
              <Chip value="cinematic">Landscape</Chip>
              <Chip value="vertical">Portrait</Chip>
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        <NumberInput
          label="Pictures for each prompt"
          min={1}
          max={8}
          allowDecimal={false}
          clampBehavior="strict"
          value={choices.imagesPerPrompt}
          onChange={(value) => value && onChange({ imagesPerPrompt: Number(value) })}
        />
        <Select
          label="Made by"
          data={BACKENDS}
          allowDeselect={false}
          value={choices.backend}
          onChange={(value) => value && onChange({ backend: value as Choices["backend"] })}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Textarea
          label="Style"
          description="Goes into every prompt that is written here"
          placeholder="ink and watercolour, muted colours"
          maxLength={500}
          autosize
          minRows={1}
          value={choices.style}
          onChange={(event) => onChange({ style: event.currentTarget.value })}
        />
        <Select
          label="A picture that cannot be made"
          description="After everything else was tried"
          data={[
            { value: "frame", label: "is drawn as a frame" },
            { value: "fail", label: "is left out" },
          ]}
          allowDeselect={false}
          value={choices.lastResort}
          onChange={(value) => value && onChange({ lastResort: value as Choices["lastResort"] })}
        />
      </SimpleGrid>
    </Stack>
  );
}

const BACKENDS = [
  { value: "auto", label: "The best available" },
  { value: "swarmui", label: "SwarmUI" },
  { value: "comfyui", label: "ComfyUI" },
  { value: "model", label: "An image model" },
  { value: "frames", label: "Drawn frames" },
];
