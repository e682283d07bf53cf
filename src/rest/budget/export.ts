import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { csvHead, csvLines } from './csv-lines.js';
import { BudgetExportTransactionsOperation, type BudgetExportTransactionsQuery } from './operations.gen.js';
import { Filters, filterOf, orderOf } from './transaction-filters.js';

/** Of each page: one statement a level. */
const pageSize = 1000;

const separators: Readonly<Record<string, string>> = { ';': ';', ',': ',', '|': '|', tab: '\t', '\t': '\t' };

type Pages = AsyncGenerator<NonNullable<BudgetExportTransactionsQuery['transactions']>['nodes']>;

/** `GET /transactions/export` (DECISIONS.md, sections 4 and 9). */
export const exportRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/transactions/export',
    section: 'DECISIONS.md#4-budget-apiv1',
    summary: 'Exporter les transactions en CSV, ou en relevé PDF',
    credential: 'required',
    query: Filters.extend({
      format: z.enum(['csv', 'pdf']).default('csv').meta({
        description: 'Un relevé PDF est chronologique et porte au plus 5 000 transactions',
      }),
      separator: z
        .enum([';', ',', '|', 'tab', '\t'])
        .default(';')
        .meta({ description: 'CSV : entre les colonnes', example: ';' }),
      decimal: z.enum([',', '.']).default(',').meta({ description: 'CSV : avant les centimes', example: ',' }),
    }),
    operation: BudgetExportTransactionsOperation,
    toVariables: ({ query }) => ({
      first: pageSize,
      orderBy: orderOf(query.ordering),
      filter: filterOf(query),
      isCsv: query.format === 'csv',
      isPdf: query.format === 'pdf',
    }),
    // What narrows a selection that is too large.
    fields: { filter: 'start_date' },
    produces: ['text/csv', 'application/pdf'],
    reply: ({ transactions, transactionStatement }, { query }, again) => {
      if (transactionStatement) {
        const { name, mimeType, contentBase64 } = transactionStatement;
        return { stream: { name, mimeType, parts: [Buffer.from(contentBase64, 'base64')] } };
      }
      async function* pages(): Pages {
        let page = transactions;
        while (page) {
          yield page.nodes;
          const after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
          page = after ? (await again({ after })).transactions : undefined;
        }
      }
      const form = { separator: separators[query.separator] ?? ';', decimal: query.decimal };
      async function* parts(): AsyncGenerator<string> {
        yield csvHead(form);
        for await (const page of pages()) yield csvLines(page, form);
      }
      return { stream: { name: 'transactions.csv', mimeType: 'text/csv; charset=utf-8', parts: parts() } };
    },
  }),
];
