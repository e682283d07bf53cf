import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lineTotal, vatBreakdown } from '../../../src/lib/money.js';
import { renderInvoicePdf } from '../../../src/modules/invoicing/invoice-pdf.js';
import { makePdf } from '../../support/files.js';
import { identifiedSeller } from '../../support/generated-invoices.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { ublInvoice } from '../../support/ubl.js';

let server: TestServer;
let clerk: Person;
let other: Person;

beforeAll(async () => {
  server = await startTestServer();
  clerk = await server.person();
  other = await server.person();
});
afterAll(() => server?.stop());

let sent = 0;
/** Files under its own name, and runs the job that reads it. */
async function file(content: string | Buffer, name: string, { token } = clerk): Promise<number> {
  const body = new FormData();
  body.append('files', new Blob([new Uint8Array(Buffer.from(content))]), name);
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token, body });
  const documentId = json.results[0].id as number;
  if (!documentId) throw new Error(JSON.stringify(json));
  await server.services.jobs.run('supplier_invoices.receive', { documentId });
  return documentId;
}
const ubl = (terms: Parameters<typeof ublInvoice>[0] = {}) => ublInvoice({ number: `N-${(sent += 1)}`, ...terms });

const fields = `id format number isCreditNote issueDate dueDate currency supplierName supplierSiren total amountDue iban
  problems isDuplicate duplicateOf { id } paidAt transaction { id }
  proposedPayment { amount currency creditorName iban reference dueDate } payingTransactions { id }`;
async function read(id: number, { token } = clerk): Promise<any> {
  const query = `query ($id: ID!) { document(id: $id) {
    title amount currency documentDate type { code } correspondent { name } supplierInvoice { ${fields} } } }`;
  return (await server.graphql(query, { id: String(id) }, token)).data.document;
}
const mutate = (name: 'settle' | 'reopen', input: object, { token } = clerk) =>
  server.graphql(
    `mutation ($input: ${name === 'settle' ? 'Settle' : 'Reopen'}SupplierInvoiceInput!) {
      ${name}SupplierInvoice(input: $input) { supplierInvoice { ${fields} } } }`,
    { input },
    token,
  );
const codeOf = ({ errors }: { errors?: any[] }): string => errors?.[0].extensions.code;

describe('a received invoice that is filed', () => {
  test('as UBL gives the document its supplier, amount, dates and type, and proposes a payment', async () => {
    const document = await read(await file(ubl({ number: 'F-118' }), 'facture.xml'));
    expect(document).toMatchObject({
      title: 'facture',
      amount: 1020,
      currency: 'EUR',
      documentDate: '2026-11-02',
      type: { code: 'FACTURE' },
      correspondent: { name: 'Électricité du Rhône SA' },
      supplierInvoice: {
        format: 'UBL',
        number: 'F-118',
        supplierSiren: '552081317',
        dueDate: '2026-12-02',
        problems: [],
        isDuplicate: false,
        paidAt: null,
        proposedPayment: {
          amount: 1020,
          currency: 'EUR',
          creditorName: 'Électricité du Rhône SA',
          iban: 'FR7630006000011234567890189',
          reference: 'REF 118',
          dueDate: '2026-12-02',
        },
      },
    });
  });

  test('as a Factur-X is read from the file within the PDF', async () => {
    const lines = [{ description: 'Joint', quantity: '3', unitPrice: '0.67', vatRate: '20' }].map((line) => ({
      ...line,
      lineTotal: lineTotal(line.quantity, line.unitPrice),
    }));
    const pdf = await renderInvoicePdf(
      {
        kind: 'invoice',
        number: 'FA2026-00042',
        status: 'issued',
        issuedAt: '2026-11-20',
        dueDate: '2026-12-20',
        currency: 'EUR',
        buyer: { name: 'Nous', street: null, postalCode: null, city: null, country: null, email: 'n@example.org' },
        lines,
        totals: vatBreakdown(lines),
      },
      identifiedSeller,
    );
    const document = await read(await file(pdf, 'recue.pdf'));
    expect(document).toMatchObject({ amount: 2.41, documentDate: '2026-11-20', type: { code: 'FACTURE' } });
    expect(document.supplierInvoice).toMatchObject({ format: 'CII', number: 'FA2026-00042', problems: [] });
    expect(document.supplierInvoice.proposedPayment).toMatchObject({ amount: 2.41, reference: 'FA2026-00042' });
  });

  test('keeps what people stated, and a credit note counts backwards', async () => {
    const stated = await file(ubl(), 'avoir.xml');
    await server.sql('update documents set amount = 7, document_date = null where id = ?', [stated]);
    await server.services.jobs.run('supplier_invoices.receive', { documentId: stated });
    expect(await read(stated)).toMatchObject({ amount: 7, currency: 'EUR', documentDate: '2026-11-02' });
    const credit = await file(ubl({ root: 'CreditNote', number: 'AV-8' }), 'avoir-8.xml');
    expect(await read(credit)).toMatchObject({
      amount: -1020,
      supplierInvoice: { isCreditNote: true, total: 1020, proposedPayment: null },
    });
  });

  test('finds its supplier again by SIREN under a name that people changed, and else by its name', async () => {
    const first = await file(ubl({ siren: '732829320', supplier: 'ACME SAS' }), 'a.xml');
    const [{ id }] = await server.sql('select correspondent_id as id from documents where id = ?', [first]);
    await server.sql(`update correspondents set name = 'Acme (nettoyage)' where id = ?`, [id]);
    const second = await read(await file(ubl({ siren: '732829320', supplier: 'ACME SAS' }), 'b.xml'));
    expect(second.correspondent.name).toBe('Acme (nettoyage)');
    const unnumbered = { siren: '', vatNumber: '', supplier: 'Imprimerie Morel' };
    await file(ubl(unnumbered), 'c.xml');
    await file(ubl({ ...unnumbered, supplier: 'IMPRIMERIE MOREL' }), 'd.xml');
    expect(
      await server.sql(`select count(*)::int as n from correspondents where name ilike 'imprimerie morel'`),
    ).toEqual([{ n: 1 }]);
  });

  test('twice is a duplicate, which nobody is to pay; another account is pointed out', async () => {
    const terms = { number: 'DUP 1', siren: '356000000', supplier: 'La Poste' };
    const [first, second] = [await file(ublInvoice(terms), 'x.xml'), await file(`${ublInvoice(terms)}\n`, 'y.xml')];
    const { supplierInvoice: original } = await read(first);
    expect((await read(second)).supplierInvoice).toMatchObject({
      isDuplicate: true,
      duplicateOf: { id: original.id },
      proposedPayment: null,
      problems: [expect.stringContaining('déjà été reçue')],
    });
    const moved = await file(ublInvoice({ ...terms, number: 'DUP 2', iban: 'DE89370400440532013000' }), 'z.xml');
    expect((await read(moved)).supplierInvoice.problems).toEqual([expect.stringContaining('IBAN n’est pas celui')]);
  });

  test('is held against what its owner sees, and not against the trash', async () => {
    const terms = { number: 'SEUL 1', siren: '552081317', supplier: 'EDF' };
    const theirs = await file(`${ublInvoice({ ...terms, iban: 'DE89370400440532013000' })}\n\n`, 'a.xml', other);
    const mine = await file(ublInvoice(terms), 'b.xml');
    const { isDuplicate, problems } = (await read(mine)).supplierInvoice;
    expect([isDuplicate, problems]).toEqual([false, []]);
    await server.sql('insert into document_shares values (?, ?)', [theirs, clerk.id]);
    expect((await read(await file(`${ublInvoice(terms)}\n`, 'c.xml'))).supplierInvoice).toMatchObject({
      isDuplicate: true,
      problems: [expect.stringContaining('déjà été reçue')],
    });
    await server.sql(`update documents set deleted_at = now() where id >= ?`, [theirs]);
    expect((await read(await file(`${ublInvoice(terms)}\n\n\n`, 'd.xml'))).supplierInvoice.isDuplicate).toBe(false);
  });

  test('at once and twice: one came first', async () => {
    const terms = { number: 'ENSEMBLE', siren: '380129866', supplier: 'Orange' };
    const ids = await Promise.all([0, 1, 2].map((n) => file(ublInvoice(terms) + '\n'.repeat(n), `${n}.xml`)));
    const flags = await Promise.all(ids.map(async (id) => (await read(id)).supplierInvoice.isDuplicate as boolean));
    expect(flags.filter(Boolean)).toHaveLength(2);
    expect(await server.sql(`select count(*)::int as n from correspondents where name = 'Orange'`)).toEqual([{ n: 1 }]);
  });

  test('stays a plain document when its data are broken, which it says; other files say nothing', async () => {
    const broken = await read(await file(ubl().slice(0, 800), 'cassee.xml'));
    expect(broken).toMatchObject({ amount: null, type: null });
    expect(broken.supplierInvoice).toMatchObject({ number: null, total: null, proposedPayment: null });
    expect(broken.supplierInvoice.problems).toEqual([expect.stringContaining('ne se lisent pas')]);
    const laughs = ubl().replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>');
    expect((await read(await file(laughs, 'rire.xml'))).supplierInvoice.problems[0]).toContain('DOCTYPE');
    for (const [content, name] of [
      ['<liste><nom>Rien</nom></liste>', 'liste.xml'],
      [await makePdf(['Une lettre']), 'lettre.pdf'],
      [Buffer.from('%PDF-1.7 et puis rien'), 'casse.pdf'],
    ] as const)
      expect((await read(await file(content, name))).supplierInvoice).toBeNull();
  });

  test('follows the file when that is replaced', async () => {
    const id = await file(ubl({ number: 'AVANT' }), 'v1.xml');
    const replace = async (content: string): Promise<void> => {
      const form = new FormData();
      const query = `mutation ($input: ReplaceDocumentFileInput!) { replaceDocumentFile(input: $input) { document { id } } }`;
      form.append('operations', JSON.stringify({ query, variables: { input: { id: String(id), file: null } } }));
      form.append('map', '{"0":["variables.input.file"]}');
      form.append('0', new Blob([content]), 'v2.xml');
      const headers = { 'apollo-require-preflight': 'true' };
      const { json } = await server.request('POST', '/graphql', { token: clerk.token, body: form, headers });
      expect(json.errors).toBeUndefined();
      await server.services.jobs.run('supplier_invoices.receive', { documentId: id });
    };
    await replace(ubl({ number: 'APRES', total: '1020' }));
    expect((await read(id)).supplierInvoice.number).toBe('APRES');
    await replace('plus rien');
    expect((await read(id)).supplierInvoice).toBeNull();
  });
});

describe('paying', () => {
  const money = async (name: 'createBankAccount' | 'createTransaction', input: object, field: string, who = clerk) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const { data, errors } = await server.graphql(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${field} { id } } }`,
      { input },
      who.token,
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data[name][field].id as string;
  };
  const account = (changes: object = {}, who = clerk) =>
    money('createBankAccount', { name: 'Courant', typeId: '1', ...changes }, 'bankAccount', who);
  const spend = (accountId: string, amount: number, description: string, transactionDate: string, who = clerk) =>
    money('createTransaction', { accountId, amount, description, transactionDate }, 'transaction', who);

  test('proposes expenses of what is due, those that name the invoice first, and takes one once', async () => {
    const [mine, theirs, francs] = [await account(), await account({}, other), await account({ currency: 'CHF' })];
    const near = await spend(mine, -64.2, 'VIR INCONNU', '2026-12-02');
    const named = await spend(mine, -64.2, 'virement facture pay-1 merci', '2026-12-20');
    await spend(mine, 64.2, 'PAY-1', '2026-12-02');
    await spend(mine, -64.21, 'PAY-1', '2026-12-02');
    await spend(mine, -64.2, 'PAY-1', '2026-08-01');
    await spend(francs, -64.2, 'PAY-1', '2026-12-02');
    const hidden = await spend(theirs, -64.2, 'PAY-1', '2026-12-02', other);
    const amounts = { net: '53.50', tax: '10.70', total: '64.20' };
    const id = await file(ubl({ number: 'PAY-1', ...amounts }), 'p.xml');
    const { supplierInvoice } = await read(id);
    expect(supplierInvoice.payingTransactions).toEqual([{ id: named }, { id: near }]);

    const settle = (transactionId: string, who = clerk) =>
      mutate('settle', { id: supplierInvoice.id, transactionId }, who);
    expect(codeOf(await settle(hidden))).toBe('NOT_FOUND');
    const wrong = await spend(mine, -64.21, 'autre', '2026-12-02');
    expect(codeOf(await settle(wrong))).toBe('BAD_USER_INPUT');
    const answers = await Promise.all([settle(named), settle(near)]);
    expect(answers.map((answer) => (answer.errors ? codeOf(answer) : 'settled')).toSorted()).toEqual([
      'CONFLICT',
      'settled',
    ]);
    const paid = (await read(id)).supplierInvoice;
    expect(paid).toMatchObject({ proposedPayment: null, payingTransactions: [] });
    expect([named, near]).toContain(paid.transaction.id);

    // The same transaction pays nothing else, and is not proposed again.
    const second = (await read(await file(ubl({ number: 'PAY-2', ...amounts }), 'q.xml'))).supplierInvoice;
    expect(second.payingTransactions).toEqual([{ id: paid.transaction.id === named ? near : named }]);
    const again = await mutate('settle', { id: second.id, transactionId: paid.transaction.id });
    expect(codeOf(again)).toBe('CONFLICT');

    const gone = await server.graphql(
      'mutation ($input: DeleteTransactionInput!) { deleteTransaction(input: $input) { deletedId } }',
      { input: { id: paid.transaction.id } },
      clerk.token,
    );
    expect(gone.errors).toBeUndefined();
    expect((await read(id)).supplierInvoice).toMatchObject({ paidAt: null, transaction: null });

    const restored = await server.graphql(
      'mutation ($input: RestoreTransactionInput!) { restoreTransaction(input: $input) { lost } }',
      { input: { id: paid.transaction.id } },
      clerk.token,
    );
    expect(restored.data.restoreTransaction.lost).toEqual([]);
    expect((await read(id)).supplierInvoice.transaction).toEqual(paid.transaction);
  });

  test('some other way is marked and taken back; the list tells what is left', async () => {
    const id = (await read(await file(ubl({ number: 'CB' }), 'cb.xml'))).supplierInvoice.id;
    const paid = await mutate('settle', { id });
    expect(paid.data.settleSupplierInvoice.supplierInvoice).toMatchObject({ transaction: null });
    expect(codeOf(await mutate('settle', { id }))).toBe('CONFLICT');
    const unpaid = async (): Promise<string[]> => {
      const query = `{ supplierInvoices(filter: { isPaid: false }, orderBy: DUE_DATE_ASC) { nodes { id } } }`;
      return (await server.graphql(query, {}, clerk.token)).data.supplierInvoices.nodes.map((n: any) => n.id);
    };
    expect(await unpaid()).not.toContain(id);
    expect((await mutate('reopen', { id })).errors).toBeUndefined();
    expect(await unpaid()).toContain(id);
    expect(codeOf(await mutate('reopen', { id }))).toBe('CONFLICT');
  });

  test('belongs to who sees the document, and to who may change it', async () => {
    const document = await file(ubl(), 'droits.xml');
    const { id } = (await read(document)).supplierInvoice;
    expect(codeOf(await mutate('settle', { id }, other))).toBe('NOT_FOUND');
    await server.sql('insert into document_shares values (?, ?)', [document, other.id]);
    expect((await read(document, other)).supplierInvoice.id).toBe(id);
    expect(codeOf(await mutate('settle', { id }, other))).toBe('FORBIDDEN');
    const query = 'query ($id: ID!) { supplierInvoice(id: $id) { id } }';
    const stranger = await server.person();
    expect((await server.graphql(query, { id }, stranger.token)).data.supplierInvoice).toBeNull();
  });
});
