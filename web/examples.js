const noNote = { en: '', fr: '' };

/**
 * The queries that the explorer offers. A test validates each against the schema, so that none of them can rot.
 * Each operation is named: the name becomes the tab's title.
 *
 * `variablesFor` makes the variables for whoever is signed in, by their number. `isBeside` opens the example in a
 * window of its own, to run while another one listens.
 *
 * @param {'en' | 'fr'} language
 * @returns {readonly import('./examples.js').Example[]}
 */
export const examplesIn = (language) =>
  written.map(({ name, note = noNote, query, ...rest }) => ({
    ...rest,
    name: name[language],
    query: note[language] + query,
  }));

const written = [
  {
    name: { en: 'Documents, with what surrounds them', fr: 'Des documents, avec ce qui les entoure' },
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
    name: { en: 'A person with roles', fr: 'Une personne et ses rôles' },
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
    name: { en: 'Invoices with lines and VAT', fr: 'Des factures avec lignes et TVA' },
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
    name: { en: 'Live 1: hear of invoices', fr: 'En direct 1 : suivre les factures' },
    note: {
      en: `# Runs until you stop it. Then choose "Live 2" of the
# examples, and run it: its invoice shows up here.
# The last position as \`after\` resumes without a gap.
`,
      fr: `# Court jusqu'à ce que vous l'arrêtiez.
# Choisissez alors l'exemple « En direct 2 » et
# exécutez-le : sa facture s'affiche ici. La dernière
# position, en \`after\`, reprend sans rien manquer.
`,
    },
    query: `subscription InvoiceEvents {
  invoiceEvents(after: null) {
    position
    type
    invoice { id status total currency customer { fullName } }
  }
}
`,
  },
  {
    name: {
      en: 'Live 2: make an invoice, in a window beside',
      fr: 'En direct 2 : faire une facture, dans une fenêtre à côté',
    },
    note: {
      en: `# A draft, billed to yourself. Run it while "Live 1"
# listens in the other window.
`,
      fr: `# Un brouillon, facturé à vous-même. Exécutez-le pendant
# que « En direct 1 » écoute dans l'autre fenêtre.
`,
    },
    query: `mutation MakeInvoice($customerId: ID!) {
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
    name: { en: 'Live: hear of documents', fr: 'En direct : suivre les documents' },
    note: {
      en: `# Runs until you stop it. \`uploadDocuments\` sends files,
# as K-Docs does.
`,
      fr: `# Court jusqu'à ce que vous l'arrêtiez. \`uploadDocuments\`
# envoie des fichiers, comme le fait K-Docs.
`,
    },
    query: `subscription DocumentEvents {
  documentEvents(after: null) {
    position
    type
    document { id title }
  }
}
`,
  },
];
