/** A driver takes one statement at a time: a statement ends with a semicolon at the end of a line. */
export const statementsOf = (text: string): string[] =>
  text.split(/;\n/).filter((statement) => statement.trim() !== '');
