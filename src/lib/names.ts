/** What names are held to at every door: those of things that people tell apart by reading them, and of people. */

/** As it is kept and compared: composed (NFC), so that what looks the same is the same, without blanks around it. */
export const tidyName = (name: string): string => name.normalize('NFC').trim();

const emoji = new RegExp('\\p{RGI_Emoji}', 'gv');
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Whether everything in a text shows: no control characters, none without width, none that turn the direction of what
 * is around them. Those within an emoji are part of it.
 */
export const isSeen = (text: string): boolean => !unseen.test(unseen.test(text) ? text.replace(emoji, '') : text);

export const unseenMessage = 'must not hold invisible characters';

const scripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Georgian', 'Lisu'].map(
  (script) => new RegExp(`\\p{Script=${script}}`, 'u'),
);

/**
 * Whether a text may pass for another one: letters of alphabets that look alike beside each other, as a Cyrillic а
 * among Latin ones (UTS 39, mixed-script confusables), or ASCII in another guise, as in full width.
 */
export const isConfusable = (text: string): boolean =>
  scripts.filter((script) => script.test(text)).length > 1 || text.normalize('NFKC') !== text.normalize('NFC');
