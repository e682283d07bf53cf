/** Lines of cells, each column as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[], heads?: readonly string[]): string {
  const all = heads ? [heads, ...rows] : rows;
  const widths = (all[0] ?? []).map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** What the command is for: on the standard output, as JSON or as text for people. */
export function print(value: unknown, { json, text }: { json: boolean | undefined; text: () => string }): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text());
}

/** What is said beside it: on the error output, so that programs can read the other one. */
export const note = (line: string): void => void process.stderr.write(`${line}\n`);

/** `12.3 MB`. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}
