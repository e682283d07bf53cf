/**
 * The process in which rules are asked about many transactions; see `files/job-process.ts` for its other end. It may be
 * killed at any moment, so it holds nothing.
 *
 * Run from source, Node strips the types of what is loaded here and no more: what is asked has no enums, decorators or
 * parameter properties.
 */
import { registerHooks } from 'node:module';
import type { JobAnswer } from '../../../files/job-process.js';
import type { CategorizationJob, CategorizationJobResults } from './categorization-jobs.js';

if (import.meta.url.endsWith('.ts')) {
  registerHooks({
    resolve: (specifier, context, next) => {
      const ownFile = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/');
      return next(ownFile ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
}

const { categorize, prepareRule } = await import('./ask-rules.js');

process.on('disconnect', () => process.exit());

process.on('message', ({ rules, transactions }: CategorizationJob) => {
  const prepared = rules.map(prepareRule);
  const message: JobAnswer<CategorizationJobResults> = {
    result: transactions.map((transaction) => categorize(prepared, transaction)),
  };
  process.send!(message);
});
