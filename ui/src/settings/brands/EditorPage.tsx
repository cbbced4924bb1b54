import { Anchor, Stack } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { brandsAt } from "@/settings/brands/addresses";
import { type Catalogue, usePresets } from "@/settings/brands/data";
import { BLANK, draftOf } from "@/settings/brands/draft";
import { Editor } from "@/settings/brands/Editor";
import { Ask } from "@/shared/Ask";
import { Empty } from "@/shared/Empty";

/** The desk of one brand: a kept one, or a new one, blank or as a copy. */
export function EditorPage({ brandKey }: { brandKey?: string }) {
  const presets = usePresets();
  return (
    <Stack gap="md">
      <Anchor component={Link} href={brandsAt} size="sm" underline="hover" w="fit-content">
        <IconArrowLeft size={14} aria-hidden /> All brands
      </Anchor>
      <Ask query={presets} height="70dvh">
        {(found) => <Found catalogue={found} brandKey={brandKey} />}
      </Ask>
    </Stack>
  );
}

function Found({ catalogue, brandKey }: { catalogue: Catalogue; brandKey: string | undefined }) {
  const [asked] = useSearchParams();
  const from = asked.get("from");
  if (brandKey) return <Kept catalogue={catalogue} brandKey={brandKey} />;
  return <New key={from} catalogue={catalogue} from={from} />;
}

function New({ catalogue, from }: { catalogue: Catalogue; from: string | null }) {
  // Also when somebody removes the one that it is a copy of.
  const [copied] = useState(catalogue.icp.find(({ key }) => key === from));
  const begun = copied
    ? { ...draftOf(copied), key: "", name: `${copied.name} (copy)`.slice(0, 60) }
    : BLANK;
  return <Editor begun={begun} catalogue={catalogue} />;
}

function Kept({ catalogue, brandKey }: { catalogue: Catalogue; brandKey: string }) {
  const kept = catalogue.icp.find(({ key, origin }) => key === brandKey && origin === "stored");
  // What somebody writes of it is not lost when somebody else removes it.
  const [first] = useState(kept);
  const begun = first ?? kept;
  if (!begun)
    return (
      <Empty title="There is no such brand">
        It was removed, or belongs to everybody: then make a copy of it.
      </Empty>
    );
  return (
    <Editor begun={draftOf(begun)} {...(kept && { kept })} isGone={!kept} catalogue={catalogue} />
  );
}
