/** What the current test file has started and not stopped yet, with a name for the message. */
export const running = new Map<object, string>();
