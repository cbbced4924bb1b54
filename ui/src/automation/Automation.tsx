import { Title } from "@mantine/core";

export default function Automation() {
  return <Title order={1}>Automation</Title>;
}
