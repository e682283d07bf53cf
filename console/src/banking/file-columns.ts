/** How a table was read, in the words of the mapping of an import; what is absent is found out. */
export interface FileMapping {
  date?: string;
  description?: string;
  amount?: string;
  debit?: string;
  credit?: string;
  reference?: string;
  dateFormat?: string;
  decimal?: string;
  delimiter?: string;
  encoding?: string;
}

/** The part of a file that surely holds its headers. */
const headBytes = 64 * 1024;

/** The headers of a table: of the line that has those of the mapping, otherwise of the first with several cells. */
export async function columnsOf(file: File, mapping: FileMapping): Promise<string[]> {
  const head = await file.slice(0, headBytes).arrayBuffer();
  const text = decoderOf(mapping.encoding).decode(head);
  const delimiter = mapping.delimiter ?? [';', '\t', ','].find((each) => text.includes(each)) ?? ',';
  const lines = text.split(/\r?\n/).map((line) => cellsOf(line, delimiter));
  const named = [mapping.date, mapping.description, mapping.amount].filter((name) => name !== undefined);
  const has = (cells: readonly string[]) =>
    named.every((name) => cells.some((cell) => cell.toLowerCase() === name.toLowerCase()));
  const found = (named.length > 0 && lines.find(has)) || lines.find((cells) => cells.length > 2) || [];
  return [...new Set(found.filter(Boolean))];
}

function decoderOf(encoding = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder();
  }
}

/** The cells of one line; a quoted one may hold the delimiter. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}
