import { open } from 'node:fs/promises';
import { runDocumentJob } from './document-jobs.js';

/** The names under which hybrid invoices carry their data: Factur-X and ZUGFeRD 2, their elders, XRechnung. */
const names = ['factur-x.xml', 'zugferd-invoice.xml', 'xrechnung.xml'];
/** Invoices may carry files within their data. */
const maxBytes = 20 * 1024 * 1024;
const timeoutMs = 20_000;

export interface EmbeddedInvoice {
  bytes: Uint8Array;
  /** True: it lay in a PDF under a name that says so. */
  isAttachment: boolean;
}

/**
 * The XML that a PDF carries as an invoice's data, or a plain text file that begins as XML does; undefined for other
 * files. Rejects with `FileJobFailed` for a PDF that cannot be opened. `owner`: whose turn it is.
 */
export async function findInvoiceXml(
  path: string,
  contentType: string,
  owner?: number,
): Promise<EmbeddedInvoice | undefined> {
  if (contentType === 'application/pdf') {
    const bytes = await runDocumentJob({ kind: 'attachment', path, names, maxBytes }, { timeoutMs, owner });
    return bytes && { bytes, isAttachment: true };
  }
  if (contentType !== 'text/plain') return undefined;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > maxBytes) return undefined;
    const bytes = await file.readFile();
    return /^(?:\xef\xbb\xbf)?\s*</.test(bytes.subarray(0, 200).toString('latin1'))
      ? { bytes, isAttachment: false }
      : undefined;
  } finally {
    await file.close();
  }
}
