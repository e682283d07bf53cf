// Lists every REST route: method, path, credential, GraphQL operation, section of the contract.
import 'reflect-metadata';
import { getOperationAST } from 'graphql';
import { dialects } from '../src/app/dialects.js';

const rows = dialects().flatMap((dialect) =>
  dialect.routes.map((route) => [
    route.method.toUpperCase(),
    `${dialect.prefix}${route.path}`,
    route.credential,
    'operation' in route ? (getOperationAST(route.operation)?.name?.value ?? '') : '-',
    route.section,
  ]),
);
const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
for (const row of rows)
  process.stdout.write(
    `${row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`,
  );
