/** What a firm takes out, kind by kind: each is a list of the graph, and what is selected of it is a row. */
export interface Kind {
  /** Of its files. */
  name: string;
  /** Field of Query; the name where absent. */
  root?: string;
  args?: string;
  fields: string;
  /** The field of a node that is the row; a node without it has none. */
  of?: string;
  /** Rows hold texts, numbers and lists of texts alone: they are written as CSV too. */
  isFlat?: boolean;
}

/**
 * In the order in which they can be read again: what others refer to comes first. An object of one field is written as
 * the value of that field (`rows.ts`), so that what a row refers to stands in it by its name.
 */
export const kinds: readonly Kind[] = [
  {
    name: 'people',
    root: 'users',
    args: 'orderBy: ID_ASC',
    fields:
      'id username email firstName lastName isActive roles { name } phone street postalCode city country timeZone ' +
      'createdAt',
    isFlat: true,
  },
  { name: 'documentTypes', args: 'orderBy: ID_ASC', fields: 'id code label createdAt', isFlat: true },
  {
    name: 'tags',
    args: 'orderBy: ID_ASC',
    fields: 'id name color match matchingAlgorithm parent { name } createdAt',
    isFlat: true,
  },
  {
    name: 'correspondents',
    args: 'orderBy: ID_ASC',
    fields: 'id name match matchingAlgorithm createdAt',
    isFlat: true,
  },
  {
    name: 'customFields',
    args: 'orderBy: ID_ASC',
    fields: 'id name kind choices isRequired documentType { code } createdAt',
    isFlat: true,
  },
  {
    name: 'documents',
    args: 'orderBy: ID_ASC',
    fields:
      'id title originalFilename mimeType sizeBytes contentHash version correspondent { name } type { code } ' +
      'tags { name } amount currency documentDate asn owner { username } fields { field { name } value } ' +
      'createdAt updatedAt downloadUrl',
  },
  {
    name: 'approvals',
    root: 'documents',
    args: 'orderBy: ID_ASC',
    of: 'approval',
    fields:
      'approval { id document { id title } status level amount currency submittedAt submittedBy { username } ' +
      'deadline decidedAt decidedByUsername decidedRole comment history(first: 20) { nodes { createdAt action level ' +
      'fromStatus toStatus performedByUsername comment } } }',
  },
  {
    name: 'approvalRules',
    args: 'orderBy: ID_ASC',
    fields: 'id documentType { code } minAmount belowAmount currency level hours isActive startsOnCreation createdAt',
    isFlat: true,
  },
  {
    name: 'supplierInvoices',
    args: 'orderBy: ID_ASC',
    fields:
      'id documentId: document { id } number supplierName supplierSiren supplierVatNumber issueDate dueDate currency ' +
      'total totalExcludingTax totalTax amountDue isCreditNote isDuplicate iban bic paymentReference paidAt createdAt',
    isFlat: true,
  },
  {
    name: 'clients',
    args: 'orderBy: CREATED_AT_ASC',
    fields: 'id name companyName contactName email phone address notes status createdAt',
    isFlat: true,
  },
  {
    name: 'interventions',
    args: 'orderBy: CREATED_AT_ASC',
    fields:
      'id clientId client { name } kind status priority description location latitude longitude technician ' +
      'otherTechnicians { name } scheduledAt startedAt finishedAt estimatedMinutes signatoryName signedAt ' +
      'workEntries { workDate minutes technician note } usedParts { label reference quantity unitPrice } ' +
      'checklist { label isDone note } createdAt',
  },
  {
    name: 'maintenanceContracts',
    args: 'orderBy: CREATED_AT_ASC',
    fields:
      'id clientId: client { id } client { name } title description kind location technician frequency interval ' +
      'startDate endDate visitTime timeZone visitMinutes horizonDays isActive createdAt',
    isFlat: true,
  },
  {
    name: 'appointments',
    args: 'orderBy: CREATED_AT_ASC',
    fields: 'id clientId client { name } interventionId technician startsAt endsAt status notes createdAt',
    isFlat: true,
  },
  {
    name: 'reports',
    args: 'orderBy: CREATED_AT_ASC',
    fields: 'id interventionId title kind author status description validatedAt createdAt',
    isFlat: true,
  },
  {
    name: 'categories',
    args: 'orderBy: ID_ASC',
    fields: 'id name type color icon isCustom createdAt',
    isFlat: true,
  },
  {
    name: 'bankAccounts',
    args: 'orderBy: ID_ASC',
    fields: 'id name type { name } currency openingBalance balance owner { username } createdAt',
    isFlat: true,
  },
  {
    name: 'transfers',
    args: 'orderBy: TRANSFER_DATE_ASC',
    fields:
      'id transferDate amount description fromAccountId: fromTransaction { account { id } } ' +
      'fromAccount: fromTransaction { account { name } } toAccountId: toTransaction { account { id } } ' +
      'toAccount: toTransaction { account { name } } createdAt',
    isFlat: true,
  },
  {
    name: 'transactions',
    args: 'orderBy: TRANSACTION_DATE_ASC',
    fields:
      'id accountId: account { id } account { name } transactionDate amount description categoryId: category { id } ' +
      'category { name } labels notes bankReference isReconciled transferId: transfer { id } ' +
      'splits { amount categoryId: category { id } category { name } description } createdAt',
  },
  {
    name: 'recurrenceRules',
    args: 'orderBy: ID_ASC',
    fields:
      'id accountId: account { id } account { name } description amount category { name } labels frequency interval ' +
      'startDate endDate nextOccurrence stoppedAt createdAt',
    isFlat: true,
  },
  {
    name: 'budgets',
    args: 'orderBy: ID_ASC',
    fields: 'id name category { name } targetAmount currentAmount targetDate createdAt',
    isFlat: true,
  },
  {
    name: 'invoices',
    args: 'orderBy: ID_ASC',
    fields:
      'id type status number clientId: client { id } client { name } customer { username } currency issuedAt dueDate ' +
      'paidAt total totalExcludingTax totalTax amountPaid amountDue originId: originInvoice { id } ' +
      'lines { description quantity unitPrice vatRate } vatLines { vatRate base tax } createdAt',
  },
  {
    name: 'payments',
    args: 'orderBy: ID_ASC',
    fields:
      'id customer { username } paymentDate amount currency allocations { invoiceId: invoice { id } amount } createdAt',
  },
  {
    name: 'tasks',
    args: 'orderBy: ID_ASC',
    fields:
      'id name type action status schedule timeZone intervalSeconds runAt retryLimit retryDelaySeconds ' +
      'timeLimitSeconds isSystem createdAt',
    isFlat: true,
  },
];

export const kindCalled = (name: string): Kind => {
  const kind = kinds.find((each) => each.name === name);
  if (!kind) throw new Error(`No kind ${name}`);
  return kind;
};

/** A page of a kind; a test compares it with the schema. */
export const pageOperation = ({ name, root = name, args, fields }: Kind): string =>
  `query ($first: Int, $after: String) {
    page: ${root}(first: $first, after: $after${args ? `, ${args}` : ''}) {
      nodes { ${fields} }
      pageInfo { hasNextPage endCursor }
    }
  }`;
