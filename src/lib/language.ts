import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';

/** A language that pages are written in. */
export type Language = 'en' | 'fr';

/** The header of an answer that was written in one of several languages. */
export const languageVaries = { Vary: 'Accept-Language' } as const;

/** Which language the reader's browser asks for (RFC 9110, 12.5.4); `fallback` where it asks for neither or any. */
export function languageOf(headers: IncomingHttpHeaders, fallback: Language): Language {
  const known: Language[] = fallback === 'fr' ? ['fr', 'en'] : ['en', 'fr'];
  return (new Negotiator({ headers }).languages(known)[0] as Language | undefined) ?? fallback;
}
