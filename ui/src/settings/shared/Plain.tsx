import { Anchor, Code } from "@mantine/core";

const PIECE = /(`[^`]+`|https:\/\/[^\s`]+)/;

/** A sentence of the server, with its commands and addresses set apart. */
export function Plain({ text }: { text: string }) {
  let at = 0;
  return text.split(PIECE).map((piece) => {
    const place = at;
    at += piece.length;
    if (piece.startsWith("`")) return <Code key={place}>{piece.slice(1, -1)}</Code>;
    if (!piece.startsWith("https://")) return <span key={place}>{piece}</span>;
    const address = piece.replace(/[.,;:)]+$/, "");
    return (
      <span key={place}>
        <Anchor href={address} target="_blank" rel="noreferrer" inherit>
          {address}
        </Anchor>
        {piece.slice(address.length)}
      </span>
    );
  });
}
