import { Paper, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "@/jobs/figures/Figures.module.css";

type Props = {
  title: string;
  /** What one sees, in a sentence. */
  says: string;
  columns: string[];
  rows: (string | number)[][];
  children: ReactNode;
};

/** A chart, and the same as a table for whoever cannot see it, or wants to know exactly. */
export function ChartBox({ title, says, columns, rows, children }: Props) {
  return (
    <Paper component="section" withBorder radius="lg" p="md" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {says}
      </Text>
      <div aria-hidden>{children}</div>
      <details className={classes.more}>
        <summary>As a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keys */}
        <section className={classes.table} aria-label={`${title}, as a table`} tabIndex={0}>
          <Table fz="xs" striped>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={column} scope="col">
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row[0]}>
                  {row.map((cell, at) => (
                    <Table.Td key={columns[at]}>{cell}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      </details>
    </Paper>
  );
}
