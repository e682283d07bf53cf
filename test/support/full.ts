/**
 * Whether long tests run at full length: set in the gate for the suite on PostgreSQL and Redis. Otherwise they do the
 * same with less: fewer files, fewer kills, fewer random operations.
 */
export const isFull = process.env['FULL'] === '1';
