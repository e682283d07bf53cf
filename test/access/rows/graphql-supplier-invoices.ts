import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

/** Seen by who sees the document, changed by who may change it. */
export const supplierInvoiceQueryRows: Record<string, GraphqlRow> = {
  supplierInvoices: {
    document: '{ supplierInvoices(first: 100) { nodes { number } } }',
    variables: ({ right, make }) => make.supplierInvoice(right),
    shows: text('number'),
    without: ['other'],
    expect: cells.anyRead,
  },
  supplierInvoice: {
    document: byId('supplierInvoice', 'number'),
    variables: ({ right, make }) => make.supplierInvoice(right),
    shows: text('number'),
    expect: cells.ownRead,
  },
};

export const supplierInvoiceMutationRows: Record<string, GraphqlRow> = {
  settleSupplierInvoice: {
    document: change('settleSupplierInvoice', 'SettleSupplierInvoiceInput', 'supplierInvoice { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.supplierInvoice(right)).id })),
    expect: cells.ownWrite,
  },
  reopenSupplierInvoice: {
    document: change('reopenSupplierInvoice', 'ReopenSupplierInvoiceInput', 'supplierInvoice { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.supplierInvoice(right, { paid: true })).id })),
    expect: cells.ownWrite,
  },
};
