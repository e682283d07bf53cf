import { sayingNoSpace } from '../lib/disk-full.js';
import { tracedWithin } from '../lib/tracing.js';
import { tellOf } from './ran-statements.js';

/**
 * Runs a statement, as a span of what it is part of, and tells of it. Its values are not shown. Rejects with
 * UNAVAILABLE (`files.no_space`) when the disk of the database is full.
 */
export const tracedStatement = <T>(text: string, run: () => Promise<T>): Promise<T> =>
  tracedWithin(
    () => {
      const operation = (/^\s*(\w+)/.exec(text)?.[1] ?? 'statement').toUpperCase();
      const table = /\b(?:from|into|update)\s+(?:only\s+)?([a-z_][\w.]*)/i.exec(text)?.[1];
      const summary = table === undefined ? operation : `${operation} ${table}`;
      return {
        name: summary,
        kind: 'client',
        attributes: {
          'db.system.name': 'postgresql',
          'db.operation.name': operation,
          'db.query.summary': summary,
          'db.query.text': text,
        },
      };
    },
    () => sayingNoSpace(tellOf(text, run)),
  );
