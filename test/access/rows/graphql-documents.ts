import { unique } from '../objects.js';
import { change, graphqlCells as cells, type GraphqlRow, input } from '../row.js';

const item = { description: 'Archivage', quantity: 1, unitPrice: 120, vatRate: 20 };

/** Documents, how they are filed, and invoices. */
export const documentMutationRows: Record<string, GraphqlRow> = {
  ingestDocument: {
    who: 'technicien',
    document: change('ingestDocument', 'IngestDocumentInput', 'document { id }'),
    variables: input(async ({ make }) => {
      const name = await make.ingestFile();
      return { filePath: name, filename: name };
    }),
    expect: cells.grantedWrite,
  },
  uploadDocuments: {
    document: change('uploadDocuments', 'UploadDocumentsInput', 'results { success }'),
    variables: input(() => ({ files: [new File([unique('Texte')], 'lettre.txt')] })),
    expect: cells.anyWrite,
  },
  updateDocument: {
    document: change('updateDocument', 'UpdateDocumentInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right)).id, title: unique('Titre') })),
    expect: cells.ownWrite,
  },
  trashDocument: {
    document: change('trashDocument', 'TrashDocumentInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right)).id })),
    expect: cells.ownWrite,
  },
  restoreDocument: {
    document: change('restoreDocument', 'RestoreDocumentInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right, { trashed: true })).id })),
    expect: cells.ownWrite,
  },
  purgeDocument: {
    document: change('purgeDocument', 'PurgeDocumentInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right, { trashed: true })).id })),
    expect: cells.ownWrite,
  },
  shareDocument: {
    document: change('shareDocument', 'ShareDocumentInput', 'document { id }'),
    variables: input(async ({ right, admin, make }) => ({ id: (await make.document(right)).id, person: admin.email })),
    expect: cells.ownWrite,
  },
  unshareDocument: {
    document: change('unshareDocument', 'UnshareDocumentInput', 'document { id }'),
    variables: input(async ({ right, admin, make, server }) => {
      const { id } = await make.document(right);
      await server.sql('insert into document_shares values (?, ?)', [id, admin.id]);
      return { id, userId: String(admin.id) };
    }),
    expect: cells.ownWrite,
  },
  bulkEditDocuments: {
    // What one may not change is left out, and said so.
    document: change('bulkEditDocuments', 'BulkEditDocumentsInput', 'changedCount refused { code }'),
    variables: input(async ({ right, make }) => ({ ids: [(await make.document(right)).id], trash: true })),
    without: ['other'],
    expect: cells.anyWrite,
  },
  createTag: {
    who: ['tags:write'],
    document: change('createTag', 'CreateTagInput', 'tag { id }'),
    variables: input(() => ({ name: unique('Tag') })),
    expect: cells.grantedWrite,
  },
  updateTag: {
    who: ['tags:write'],
    document: change('updateTag', 'UpdateTagInput', 'tag { id }'),
    variables: input(async ({ make }) => ({ id: (await make.tag()).id, name: unique('Tag') })),
    expect: cells.grantedWrite,
  },
  deleteTag: {
    who: ['tags:write'],
    document: change('deleteTag', 'DeleteTagInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.tag()).id })),
    expect: cells.grantedWrite,
  },
  createCorrespondent: {
    who: ['correspondents:write'],
    document: change('createCorrespondent', 'CreateCorrespondentInput', 'correspondent { id }'),
    variables: input(() => ({ name: unique('EDF') })),
    expect: cells.grantedWrite,
  },
  updateCorrespondent: {
    who: ['correspondents:write'],
    document: change('updateCorrespondent', 'UpdateCorrespondentInput', 'correspondent { id }'),
    variables: input(async ({ make }) => ({ id: (await make.correspondent()).id, name: unique('EDF') })),
    expect: cells.grantedWrite,
  },
  deleteCorrespondent: {
    who: ['correspondents:write'],
    document: change('deleteCorrespondent', 'DeleteCorrespondentInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.correspondent()).id })),
    expect: cells.grantedWrite,
  },
  createDocumentType: {
    who: ['document_types:write'],
    document: change('createDocumentType', 'CreateDocumentTypeInput', 'documentType { id }'),
    variables: input(() => ({ code: unique('TYPE').toUpperCase(), label: 'Bulletin' })),
    expect: cells.grantedWrite,
  },
  updateDocumentType: {
    who: ['document_types:write'],
    document: change('updateDocumentType', 'UpdateDocumentTypeInput', 'documentType { id }'),
    variables: input(async ({ make }) => ({ id: (await make.documentType()).id, label: unique('Bulletin') })),
    expect: cells.grantedWrite,
  },
  deleteDocumentType: {
    who: ['document_types:write'],
    document: change('deleteDocumentType', 'DeleteDocumentTypeInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.documentType()).id })),
    expect: cells.grantedWrite,
  },

  createInvoice: {
    document: change('createInvoice', 'CreateInvoiceInput', 'invoice { id }'),
    variables: input(({ right }) => ({ customerId: String(right.id), items: [item] })),
    expect: { ...cells.ownWrite, other: 'FORBIDDEN' },
  },
  updateInvoice: {
    document: change('updateInvoice', 'UpdateInvoiceInput', 'invoice { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right)).id, items: [item] })),
    expect: cells.ownWrite,
  },
  issueInvoice: {
    document: change('issueInvoice', 'IssueInvoiceInput', 'invoice { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right)).id })),
    expect: cells.ownWrite,
  },
  createCreditNote: {
    document: change('createCreditNote', 'CreateCreditNoteInput', 'invoice { id }'),
    variables: input(async ({ right, make }) => ({
      invoiceId: (await make.invoice(right, { status: 'ISSUED' })).id,
      reason: 'Erreur de prix',
    })),
    expect: cells.ownWrite,
  },
  remindInvoice: {
    document: change('remindInvoice', 'RemindInvoiceInput', 'reminder { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right, { status: 'ISSUED' })).id })),
    expect: cells.ownWrite,
  },
  recordPayment: {
    document: change('recordPayment', 'RecordPaymentInput', 'payment { id }'),
    variables: input(async ({ right, make }) => ({
      amount: 5,
      paymentDate: '2026-02-02',
      allocations: [{ invoiceId: (await make.invoice(right, { status: 'ISSUED' })).id }],
    })),
    expect: cells.ownWrite,
  },
  acceptPaymentProposal: {
    document: change('acceptPaymentProposal', 'AcceptPaymentProposalInput', 'payment { id }'),
    variables: input(async ({ right, make }) => {
      const { transactionId, invoiceId } = await make.received(right);
      return { transactionId, invoiceIds: [invoiceId] };
    }),
    // The transaction is somebody's own, whatever the role.
    expect: { ...cells.ownWrite, admin: 'BAD_USER_INPUT' },
  },
  allocatePayment: {
    document: change('allocatePayment', 'AllocatePaymentInput', 'payment { id }'),
    variables: input(async ({ right, make }) => ({
      id: (await make.payment(right, { amount: 20 })).id,
      allocations: [{ invoiceId: (await make.invoice(right, { status: 'ISSUED' })).id }],
    })),
    expect: cells.ownWrite,
  },
  unallocatePayment: {
    document: change('unallocatePayment', 'UnallocatePaymentInput', 'invoice { id }'),
    variables: input(async ({ right, make }) => {
      const { id, invoiceId } = await make.payment(right);
      return { id, invoiceId };
    }),
    expect: cells.ownWrite,
  },
  deletePayment: {
    document: change('deletePayment', 'DeletePaymentInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.payment(right)).id })),
    expect: cells.ownWrite,
  },
  deleteInvoice: {
    document: change('deleteInvoice', 'DeleteInvoiceInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right)).id })),
    expect: cells.ownWrite,
  },
};
