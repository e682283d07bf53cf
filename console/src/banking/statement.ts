import { graph } from '../graph/client';
import { StatementOperation, type TransactionFilter } from './operations.gen';
import { saveBase64 } from './save-file';

/** Saves the transactions of a filter as a PDF. Rejects as the graph does. */
export async function saveStatement(filter: TransactionFilter): Promise<void> {
  const { transactionStatement } = await graph.query(StatementOperation, { filter });
  if (transactionStatement) saveBase64(transactionStatement);
}
