/**
 * Spellings that readers take for the same, made the same: without accents (« état » is "etat"), ligatures written out
 * (œ, æ, and the ﬁ and ﬂ of typeset PDFs), straight quotes and apostrophes, no invisible characters (soft hyphens).
 * Case stays; see `fold`.
 */
export function stripAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[œŒæÆßﬀ-ﬆ’‘ʼ“”„]/g, (character) => writtenOut[character] ?? character.normalize('NFKD'));
}

const writtenOut: Record<string, string> = {
  œ: 'oe',
  Œ: 'OE',
  æ: 'ae',
  Æ: 'AE',
  ß: 'ss',
  '’': "'",
  '‘': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '„': '"',
};

/**
 * Case- and accent-insensitive form, with every run of white space (also of line ends) as one space, none at the ends.
 */
export function fold(text: string): string {
  return stripAccents(text).toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The runs of letters and digits of a folded text. */
export function wordsOf(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}
