import { Title } from "@mantine/core";

export default function Make() {
  return <Title order={1}>Make</Title>;
}
