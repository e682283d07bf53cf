import type { CommandContext } from '../../kernel/command.js';

/** Beginning of the keys under which the PDFs of a draft lie in the content store; each is named by what it shows. */
export const draftKeys = (invoiceId: number): string => `drafts/${invoiceId}-`;

/**
 * Removes the PDFs of a draft but `except`. A failure is only logged: the command has done its work by then, and what
 * stays behind is never served.
 */
export async function removeDraftPdfs(
  { services, log }: Pick<CommandContext, 'services' | 'log'>,
  invoiceId: number,
  options: { except?: string } = {},
): Promise<void> {
  await services.store
    .removeAll(draftKeys(invoiceId), options)
    .catch((error: unknown) => log.error({ err: error, invoiceId }, "a draft's PDFs could not be removed"));
}
