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
  const from = catalogue.icp.find(({ key }) => key === asked.get("from"));
  if (!brandKey) {
    const copied = from && { ...draftOf(from), key: "", name: `${from.name} (copy)`.slice(0, 60) };
    return <Editor key={from?.key} begun={copied ?? BLANK} catalogue={catalogue} />;
  }
  return <Kept catalogue={catalogue} brandKey={brandKey} />;
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
