import { takeValueLock } from '../../db/locks.js';
import type { Transaction } from '../../db/sql-client.js';
import { holds, raw, set, sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { findInvoiceXml } from '../../files/embedded-invoice.js';
import { FileJobFailed } from '../../files/job-process.js';
import type { Context } from '../../kernel/context.js';
import { onlyOwnRights, type Viewer } from '../../kernel/viewer.js';
import { negateAmount } from '../../lib/money.js';
import type { ChangedFact } from '../documents/document-hooks.js';
import { contentKeyOf } from '../documents/files/document-content.js';
import { visibleDocuments } from '../documents/files/document.policy.js';
import { permissionsOf } from '../identity/sessions/resolve-viewer.js';
import { correspondentOf, numberKey, supplierKey } from './find-supplier.js';
import type { InvoiceFacts, ReadInvoice } from './invoice-facts.js';
import { readInvoice } from './read-invoice.js';
import { SupplierInvoice, type SupplierInvoiceFormat } from './supplier-invoice.entity.js';

interface FiledDocument {
  id: number;
  title: string;
  ownerId: number;
  contentHash: string;
  mimeType: string;
}

/**
 * Reads the data of an invoice in a document's file, keeps them, and fills facts that the document lacks: supplier,
 * amount, date, type. For the queue: running twice does the same as once. A file without such data, or one that cannot
 * be opened, stays a plain document.
 */
export async function receiveInvoice(ctx: Context, documentId: number): Promise<void> {
  const document = await ctx.db.first<FiledDocument>(sql`
    select id, title, owner_id as "ownerId", content_hash as "contentHash", mime_type as "mimeType"
      from documents where id = ${documentId}`);
  if (!document) return;
  const read = await readFileOf(ctx, document);
  await ctx.db.transaction(async (tx) => {
    const isSame = await tx.first(
      sql`select 1 from documents where id = ${documentId} and content_hash = ${document.contentHash} for update`,
    );
    // Its file was replaced meanwhile: another job reads that one.
    if (!isSame) return;
    if (!read) await tx.send(sql`delete from supplier_invoices where document_id = ${documentId}`);
    else await keep(tx, ctx, document, read);
  });
}

async function readFileOf(
  { services, log }: Context,
  { id, ownerId, contentHash, mimeType }: FiledDocument,
): Promise<ReadInvoice | undefined> {
  try {
    const xml = await services.store.withLocalFile(contentKeyOf(contentHash), (path) =>
      findInvoiceXml(path, mimeType, ownerId),
    );
    return xml && (await readInvoice(xml.bytes, { mustBeInvoice: xml.isAttachment }));
  } catch (error) {
    if (!(error instanceof FileJobFailed)) throw error;
    log.info({ err: error, documentId: id }, 'a PDF could not be searched for the data of an invoice');
    return undefined;
  }
}

async function keep(tx: Transaction, ctx: Context, document: FiledDocument, read: ReadInvoice): Promise<void> {
  const columns = 'facts' in read ? await columnsOf(tx, document, read.facts) : unreadable(read);
  const row = await tx.first<{ id: number; isDuplicate: boolean }>(sql`
    insert into supplier_invoices ${values(SupplierInvoice, { document: document.id, ...columns })}
    on conflict (document_id) do update set ${set(SupplierInvoice, columns)}
    returning id, is_duplicate as "isDuplicate"`);
  const { id, isDuplicate } = row as { id: number; isDuplicate: boolean };
  const { ownerId } = document;
  const number = 'facts' in read ? read.facts.number : null;
  await emit(tx, ctx, 'supplier_invoice.received', ['SupplierInvoice', id], {
    documentId: document.id,
    ownerId,
    number,
    isDuplicate,
  });
  if ('facts' in read) await fillDocument(tx, ctx, document, read.facts);
}

const nothingRead = {
  isCreditNote: false,
  number: null,
  issueDate: null,
  dueDate: null,
  currency: null,
  supplierName: null,
  supplierSiren: null,
  supplierVatNumber: null,
  totalExcludingTax: null,
  totalTax: null,
  total: null,
  amountDue: null,
  iban: null,
  bic: null,
  paymentReference: null,
  supplierKey: null,
  numberKey: null,
  duplicateOf: null,
};

const unreadable = ({ format, unreadable: problems }: Extract<ReadInvoice, { unreadable: string[] }>) => ({
  ...nothingRead,
  format: format as SupplierInvoiceFormat,
  problems,
});

/**
 * With what only shows beside the supplier's other invoices: that it came before, or that the account is another. Those
 * are what the document's owner sees, without the trash: nobody learns what others were billed, nor has their invoices
 * taken for doubles. One that is read again is held against those that came before it, not against its own doubles.
 */
async function columnsOf(tx: Transaction, { id, ownerId }: FiledDocument, { format, ...facts }: InvoiceFacts) {
  const key = supplierKey({ format, ...facts });
  // Two that come at once are looked at one after the other.
  await tx.send(takeValueLock('supplier', key));
  const seen = holds(visibleDocuments(await ownerAsViewer(tx, ownerId)), 't');
  const earlier = await tx.first<{ id: number | null; iban: string | null }>(sql`
    with own as materialized (select id, supplier_key, number_key from supplier_invoices where document_id = ${id}),
    earlier as materialized (
      select s.id, s.number_key, s.iban from supplier_invoices s join documents t on t.id = s.document_id
       where s.supplier_key = ${key} and t.id <> ${id} and t.deleted_at is null and ${seen}
         and not exists (select 1 from own where own.id < s.id and own.supplier_key = ${key}
                                             and own.number_key = ${numberKey(facts.number)}))
    select (select id from earlier where number_key = ${numberKey(facts.number)} order by id limit 1) as id,
           (select iban from earlier where iban is not null order by id desc limit 1) as iban`);
  const problems = [...facts.problems];
  if (earlier?.id) problems.push('Une facture de ce numéro a déjà été reçue de ce fournisseur.');
  if (earlier?.iban && facts.iban && earlier.iban !== facts.iban)
    problems.push('L’IBAN n’est pas celui de la facture précédente de ce fournisseur : à vérifier avant de payer.');
  return {
    ...facts,
    format: format as SupplierInvoiceFormat,
    problems,
    supplierKey: key,
    numberKey: numberKey(facts.number),
    duplicateOf: earlier?.id ?? null,
  };
}

async function ownerAsViewer(tx: Transaction, userId: number): Promise<Viewer> {
  const row = await tx.first<{ permissions: string[] }>(
    sql`select ${raw(permissionsOf(String(userId)))} as permissions`,
  );
  return { ...onlyOwnRights(userId), permissions: new Set(row?.permissions) };
}

/** What people or matching have stated stays. */
async function fillDocument(
  tx: Transaction,
  ctx: Context,
  { id, ownerId, title }: FiledDocument,
  facts: InvoiceFacts,
): Promise<void> {
  const lacks = await tx.first<Record<'typeId' | 'correspondentId' | 'amount' | 'documentDate', boolean>>(sql`
    select document_type_id is null as "typeId", correspondent_id is null as "correspondentId",
           amount is null as amount, document_date is null as "documentDate" from documents where id = ${id}`);
  if (!lacks) return;
  const correspondent = lacks.correspondentId ? await correspondentOf(tx, ctx, facts) : undefined;
  const invoiceType = lacks.typeId
    ? await tx.first<{ id: number }>(sql`select id from document_types where code = 'FACTURE' for key share`)
    : undefined;
  const amount = facts.isCreditNote ? negateAmount(facts.total) : facts.total;
  const filled: ChangedFact[] = [
    ...(invoiceType ? (['typeId'] as const) : []),
    ...(correspondent === undefined ? [] : (['correspondentId'] as const)),
    ...(lacks.amount ? (['amount', 'currency'] as const) : []),
    ...(lacks.documentDate ? (['documentDate'] as const) : []),
  ];
  if (filled.length === 0) return;
  const changed = await tx.first<{ revision: number }>(sql`
    update documents
       set document_type_id = coalesce(document_type_id, ${invoiceType?.id ?? null}::int),
           correspondent_id = coalesce(correspondent_id, ${correspondent ?? null}::int),
           currency = case when amount is null then ${facts.currency} else currency end,
           amount = coalesce(amount, ${amount}::numeric),
           document_date = coalesce(document_date, ${facts.issueDate}::date), updated_at = now(),
           revision = revision + 1
     where id = ${id} returning revision`);
  if (invoiceType) await ctx.services.runHook('documentTyped', tx, ctx, { documentId: id, ownerId });
  else await ctx.services.runHook('documentsChanged', tx, ctx, { ids: [id], facts: filled });
  await emit(tx, ctx, 'document.updated', ['Document', id], {
    ownerId,
    title,
    fields: filled,
    ...(changed && { version: changed.revision }),
  });
}
