/**
 * The queries that the explorer offers. A test validates each against the schema, so that none of them can rot.
 * Each operation is named: the name becomes the tab's title.
 *
 * `variablesFor` makes the variables for whoever is signed in, by their number. `isBeside` opens the example in a
 * window of its own, to run while another one listens.
 *
 * @type {readonly import('./examples.js').Example[]}
 */
export const examples = [
  {
    name: 'Documents, with what surrounds them',
    query: `query Documents {
  documents(first: 10, orderBy: CREATED_AT_DESC) {
    totalCount
    nodes {
      id
      title
      amount
      currency
      type { code label }
      correspondent { name }
      tags { name color }
      owner { username }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  },
  {
    name: 'A person with roles',
    query: `query Me {
  viewer {
    id
    username
    email
    fullName
    roles { name }
  }
}
`,
  },
  {
    name: 'Invoices with lines and VAT',
    query: `query Invoices($first: Int!) {
  invoices(first: $first) {
    nodes {
      id
      number
      status
      total
      currency
      lines { description quantity unitPrice vatRate }
    }
  }
}
`,
    variablesFor: () => ({ first: 10 }),
  },
  {
    name: 'Live 1: hear of invoices',
    query: `# Runs until you stop it. Then choose "Live 2" of the
# examples, and run it: its invoice shows up here.
# The last position as \`after\` resumes without a gap.
subscription InvoiceEvents {
  invoiceEvents(after: null) {
    position
    type
    invoice { id status total currency customer { fullName } }
  }
}
`,
  },
  {
    name: 'Live 2: make an invoice, in a window beside',
    query: `# A draft, billed to yourself. Run it while "Live 1"
# listens in the other window.
mutation MakeInvoice($customerId: ID!) {
  createInvoice(
    input: { customerId: $customerId, items: [{ description: "Conseil", quantity: 3, unitPrice: 33.33, vatRate: 20 }] }
  ) {
    invoice { id status total }
  }
}
`,
    variablesFor: (viewerId) => ({ customerId: viewerId }),
    isBeside: true,
  },
  {
    name: 'Live: hear of documents',
    query: `# Runs until you stop it. \`uploadDocuments\` sends files,
# as K-Docs does.
subscription DocumentEvents {
  documentEvents(after: null) {
    position
    type
    document { id title }
  }
}
`,
  },
];
