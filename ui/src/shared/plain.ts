// What turns the direction of a line round, or moves the cursor, makes a text look like another one.
const DECEIVING = /(?![\n\t])\p{Cc}|\p{Bidi_Control}/gu;

/** A text of others as it is, with a mark where something invisible would change what one sees. */
export function plain(text: string): string {
  return text.replace(DECEIVING, "\ufffd");
}
