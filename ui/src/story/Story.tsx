import { Title } from "@mantine/core";

export default function Story() {
  return <Title order={1}>Story</Title>;
}
