/** Beginning of the keys under which the PDFs of a draft lie in the content store; each is named by what it shows. */
export const draftKeys = (invoiceId: number): string => `drafts/${invoiceId}-`;
