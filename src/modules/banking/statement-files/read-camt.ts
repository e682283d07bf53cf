import { SaxesParser } from 'saxes';
import { bookingsOf, type CamtElement } from './camt-bookings.js';
import {
  fileProblem,
  statementLimits,
  type StatementFile,
  type StatementProblem,
  severalAccounts,
  tooManyRows,
} from './statement-file.js';
import { decodeText, encodingNamed } from './statement-text.js';

/** Deeper than any schema of the family. */
const maxDepth = 40;
const statementNamespace = /^urn:iso:std:iso:20022:tech:xsd:camt\.05[234]\.001\.\d{2}$/;

/**
 * camt.053 (statement), of any version, and its siblings camt.052 and camt.054. XML is read as it comes: a document
 * type is refused, so that there are no entities but XML's own, and nesting and texts are bounded. Entries are turned
 * into rows one at a time; nothing else of the file is kept. Never throws.
 */
export function readCamt(bytes: Uint8Array): StatementFile {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const [, declared = ''] = /<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/i.exec(head) ?? [];
  const { text } = decodeText(bytes, { otherwise: encodingNamed(declared) });
  const file: StatementFile = { format: 'camt', rows: [], problems: [] };
  const accounts = new Set<string>();
  const open: CamtElement[] = [];
  let isStatement = false;

  const parser = new SaxesParser({ xmlns: true });
  // In a state that goes on or not: what a handler throws ends the parse.
  const stop = (problem: StatementProblem): never => {
    throw new Refused(problem);
  };
  parser.on('error', (error) =>
    stop({ ...fileProblem('invalid_format', `The XML is broken: ${error.message.slice(0, 200)}`), line: parser.line }),
  );
  parser.on('doctype', () => stop(fileProblem('not_allowed', 'A document type (DOCTYPE) is not taken')));
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (open.length === 0) {
      isStatement = local === 'Document' && statementNamespace.test(uri);
      if (!isStatement) stop(fileProblem('invalid_format', 'The file is no camt.053 statement'));
    }
    if (open.length >= maxDepth) stop(fileProblem('invalid_format', 'The XML nests too deep'));
    const element: CamtElement = { name: local, text: '', children: [], currency: attributes['Ccy']?.value };
    open.push(element);
  });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (!element || element.children.length > 0) return;
    if (element.text.length + text.length > statementLimits.cellCharacters)
      stop({ ...fileProblem('too_long', 'A text is too long'), line: parser.line });
    element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop() as CamtElement;
    if (element.name === 'Ntry') {
      bookingsOf(element, file);
      if (file.rows.length > statementLimits.rows) stop(tooManyRows());
      return;
    }
    const parent = open.at(-1);
    if (element.name === 'Acct' && /^(Stmt|Rpt|Ntfctn)$/.test(parent?.name ?? '')) accounts.add(accountOf(element));
    // Statements are as long as they are: of them and what is above nothing is kept.
    if (parent && open.length > 3) parent.children.push(element);
  });

  try {
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { format: 'camt', rows: [], problems: [error.problem] };
  }
  if (!isStatement) return { ...file, problems: [fileProblem('required', 'The file is empty')] };
  if (accounts.size > 1) return { format: 'camt', rows: [], problems: [severalAccounts()] };
  return file;
}

const accountOf = ({ children }: CamtElement): string => {
  const texts = (elements: readonly CamtElement[]): string =>
    elements.map((element) => element.text.trim() + texts(element.children)).join('');
  return texts(children.filter(({ name }) => name === 'Id'));
};

class Refused extends Error {
  readonly problem: StatementProblem;

  constructor(problem: StatementProblem) {
    super(problem.message);
    this.problem = problem;
  }
}
