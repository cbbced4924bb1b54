import { Paper, type PaperProps } from "@mantine/core";
import { type ReactNode, useState } from "react";
import classes from "@/shared/DropPaper.module.css";

type Props = PaperProps & { onFile: (file: File) => void; children: ReactNode };

/** A sheet on which a file can be dropped; there is another way to choose one on it. */
export function DropPaper({ onFile, ...paper }: Props) {
  const [isOver, setOver] = useState(false);
  return (
    <Paper
      withBorder
      {...paper}
      className={classes.paper}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    />
  );
}
