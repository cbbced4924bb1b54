/** The mark of Storyloom: a story's sun over the cloth's edge. */
export function Mark({ size = 28 }: { size?: number }) {
  return <img src="/studio/mark.svg" width={size} height={size} alt="" />;
}
