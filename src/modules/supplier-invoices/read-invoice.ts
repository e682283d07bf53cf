import { decodeXml, readXmlTree, type XmlElement, XmlRefused } from '../../lib/xml-tree.js';
import type { ReadInvoice } from './invoice-facts.js';
import { readCii } from './read-cii.js';
import { readUbl } from './read-ubl.js';

/** Lines and embedded files: not needed for what is to be paid, and nearly all of a long invoice. */
const skip = new Set([
  'IncludedSupplyChainTradeLineItem',
  'InvoiceLine',
  'CreditNoteLine',
  'AttachmentBinaryObject',
  'EmbeddedDocumentBinaryObject',
]);

const readers: Readonly<Record<string, (root: XmlElement) => ReadInvoice>> = {
  'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100 CrossIndustryInvoice': readCii,
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 Invoice': readUbl,
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2 CreditNote': readUbl,
};

export interface ReadOptions {
  /** True: the file says that it is an invoice's data, so that anything else is a fault. Default false. */
  mustBeInvoice?: boolean;
}

/**
 * Reads the data of an invoice: Cross Industry Invoice or UBL 2.1. Undefined for a file that is none. What is broken
 * beyond reading comes back as `unreadable`, with the reason for people. Never throws for what the bytes hold.
 */
export async function readInvoice(
  bytes: Uint8Array,
  { mustBeInvoice = false }: ReadOptions = {},
): Promise<ReadInvoice | undefined> {
  let text = '';
  try {
    text = decodeXml(bytes);
    const root = await readXmlTree(text, { skip });
    const read = readers[`${root.uri} ${root.name}`];
    if (read) return read(root);
    return mustBeInvoice ? unreadable('cii', `leur racine « ${root.name.slice(0, 40)} » n’est pas connue`) : undefined;
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    const looksLikeUbl = /urn:oasis:names:specification:ubl:schema:xsd:(Invoice|CreditNote)-2/.test(text);
    const looksLikeCii = text.includes('urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100');
    if (!mustBeInvoice && !looksLikeUbl && !looksLikeCii) return undefined;
    return unreadable(looksLikeUbl ? 'ubl' : 'cii', error.message);
  }
}

const unreadable = (format: 'cii' | 'ubl', reason: string): ReadInvoice => ({
  format,
  unreadable: [`Les données de cette facture ne se lisent pas : ${reason}.`],
});
