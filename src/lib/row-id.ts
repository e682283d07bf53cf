/** True for the number of a row as clients write it. What is none names no row, and must not reach a cast in SQL. */
export const isRowId = (id: unknown): boolean => /^\d{1,9}$/.test(String(id));

/** The number of a row; undefined for what no row can have. */
export const rowId = (id: string | number): number | undefined => (isRowId(id) ? Number(id) : undefined);
