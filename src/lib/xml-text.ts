/** What XML 1.0 cannot carry at all (§ 2.2), escaped or not: control characters and lone surrogates. */
const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The text with spaces instead of what XML cannot carry, and one kind of line end. */
export const xmlText = (text: string): string => text.replace(notXml, ' ').replace(/\r\n?/g, '\n');
