/**
 * The queries that the explorer offers. A test validates each against the schema, so that none of them can rot.
 * Each operation is named: the name becomes the tab's title.
 *
 * @type {readonly {name: string, query: string, variables?: Record<string, unknown>}[]}
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
    variables: { first: 10 },
  },
  {
    name: 'Live: what happens to documents',
    query: `# Runs until you stop it. Pass the last position as \`after\` to resume without a gap.
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
