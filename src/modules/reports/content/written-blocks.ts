import type { WrittenBlock } from './report-content.js';
import { capitalised } from './report-words.js';

/** Headings of what writers call things; other keys are headings themselves. */
const headings: Readonly<Record<string, string>> = {
  introduction: 'Introduction',
  resume: 'Résumé',
  constat: 'Constat',
  constats: 'Constats',
  observations: 'Observations',
  travaux: 'Travaux effectués',
  travaux_effectues: 'Travaux effectués',
  recommandations: 'Recommandations',
  preconisations: 'Préconisations',
  conclusion: 'Conclusion',
};

/**
 * What a writer put into a report, as headings and paragraphs: a text is a paragraph, a list one for each item, and the
 * keys of an object are headings. `html`, `text` and `texte` are no headings, and of HTML only the text is taken.
 */
export function writtenBlocks(content: unknown): WrittenBlock[] {
  if (content == null) return [];
  if (typeof content !== 'object' || Array.isArray(content)) return blockOf(null, content);
  return Object.entries(content).flatMap(([key, value]) =>
    blockOf(/^(html|text|texte|contenu)$/i.test(key) ? null : (headings[key.toLowerCase()] ?? titled(key)), value),
  );
}

const titled = (key: string): string => capitalised(key.replaceAll('_', ' ').trim());

function blockOf(heading: string | null, value: unknown): WrittenBlock[] {
  const paragraphs = paragraphsOf(value);
  return paragraphs.length === 0 ? [] : [{ heading, paragraphs }];
}

function paragraphsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') return [plainText(value)].filter(Boolean);
  if (typeof value === 'boolean') return [value ? 'Oui' : 'Non'];
  if (typeof value === 'number') return [value.toLocaleString('fr-FR')];
  if (Array.isArray(value)) return value.flatMap(paragraphsOf);
  return Object.entries(value as object).flatMap(([key, inner]) => {
    const texts = paragraphsOf(inner);
    return texts.length === 1 ? [`${titled(key)} : ${texts[0]}`] : texts;
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

/** Editors of React forms send HTML: its blocks are paragraphs. What has no closing tag is no HTML. */
function plainText(text: string): string {
  if (!/<\/(p|div|b|i|u|strong|em|ul|ol|li|h[1-6]|span)>|<br\s*\/?>/i.test(text)) return text.trim();
  return (
    text
      // To the end when it is not closed: looking for that anew from each one would take as long as the square of them.
      .replace(/<(script|style)\b(?:[^]*?<\/\1>|[^]*)/gi, '')
      .replace(/<li\b[^<>]*>/gi, '\n– ')
      .replace(/<br\s*\/?>/gi, '\n')
      .replace(/<\/(p|div|h[1-6]|ul|ol)>/gi, '\n\n')
      .replace(/<\/?[a-z][^<>]*>/gi, '')
      .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_entity, name: string) => entities[name] ?? '')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}
