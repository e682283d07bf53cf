import { setImmediate } from 'node:timers/promises';
import { SaxesParser } from 'saxes';

export interface XmlElement {
  /** Without the prefix. */
  name: string;
  /** Its namespace; empty without one. */
  uri: string;
  /** Those without a namespace, by name. */
  attributes: Readonly<Record<string, string>>;
  /** Its own text, trimmed. */
  text: string;
  children: XmlElement[];
}

export interface XmlLimits {
  /** Elements with these names are passed over, whatever they hold. */
  skip?: ReadonlySet<string>;
  maxDepth?: number;
  /** Of those that are kept. */
  maxElements?: number;
  /** Of one element, also of those that are passed over. */
  maxAttributes?: number;
  /** Of one element; what is longer is cut. */
  maxTextCharacters?: number;
}

/** The text is no XML that is read here: broken, too deep, or with a document type. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused';
}

const chunkCharacters = 65_536;

/**
 * XML from outside as a tree. A document type is refused, so that there are no entities but XML's own: nothing expands,
 * and nothing is fetched. Depth, elements, attributes and texts are bounded, and other work is served between two parts
 * of a long text. Rejects with `XmlRefused`.
 */
export async function readXmlTree(
  text: string,
  {
    skip = new Set(),
    maxDepth = 64,
    maxElements = 20_000,
    maxAttributes = 200,
    maxTextCharacters = 4_000,
  }: XmlLimits = {},
): Promise<XmlElement> {
  const refuse = (reason: string): never => {
    throw new XmlRefused(reason);
  };
  const top: XmlElement = { name: '', uri: '', attributes: {}, text: '', children: [] };
  const open: XmlElement[] = [top];
  let skipping = 0;
  let elements = 0;
  let attributesOfTag = 0;

  const parser = new SaxesParser({ xmlns: true });
  // What a handler throws ends the parse: the parser itself would go on after an error.
  parser.on('error', ({ message }) => refuse(message.slice(0, 200)));
  parser.on('doctype', () => refuse('a document type (DOCTYPE) is not taken'));
  parser.on('opentagstart', () => void (attributesOfTag = 0));
  // As they come: the parser gathers all of a tag before it tells of the tag.
  parser.on('attribute', () => {
    if ((attributesOfTag += 1) > maxAttributes) refuse('an element has too many attributes');
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (skipping > 0 || skip.has(local)) {
      skipping += 1;
      if (skipping > maxDepth) refuse('it nests too deep');
      return;
    }
    if (open.length > maxDepth) refuse('it nests too deep');
    if ((elements += 1) > maxElements) refuse('it has too many elements');
    const own = Object.values(attributes).filter((attribute) => attribute.uri === '');
    const element: XmlElement = {
      name: local,
      uri,
      attributes: Object.fromEntries(own.map((a) => [a.local, a.value.slice(0, maxTextCharacters)])),
      text: '',
      children: [],
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (added: string): void => {
    const element = open.at(-1);
    if (skipping === 0 && element) element.text = (element.text + added).slice(0, maxTextCharacters);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    if (skipping > 0) skipping -= 1;
    else {
      const closed = open.pop();
      if (closed) closed.text = closed.text.trim();
    }
  });

  for (let start = 0; start < text.length; start += chunkCharacters) {
    parser.write(text.slice(start, start + chunkCharacters));
    if (start > 0) await setImmediate();
  }
  parser.close();
  return top.children[0] ?? refuse('it is empty');
}

/**
 * The text of an XML file, by its byte order mark or the encoding that it declares, else UTF-8. Throws `XmlRefused` for
 * an encoding that is unknown or does not hold.
 */
export function decodeXml(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const mark = head.startsWith('\xfe\xff') ? 'utf-16be' : head.startsWith('\xff\xfe') ? 'utf-16le' : undefined;
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1];
  try {
    return new TextDecoder(mark ?? declared ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlRefused('its bytes are not in the encoding that it declares');
  }
}

/** The first element that the path of names leads to, or undefined. */
export function descend(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element);
}

/** All children of a name. */
export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** The text at the path; undefined when there is none. */
export const textAt = (element: XmlElement | undefined, ...path: string[]): string | undefined =>
  descend(element, ...path)?.text || undefined;
