import { Title } from "@mantine/core";

export default function Jobs() {
  return <Title order={1}>Jobs</Title>;
}
