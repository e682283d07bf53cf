/** Tables whose cells hold as much text as it takes, over as many sheets, with the head repeated. */
import { type Canvas, colours, page, type TextStyle } from './canvas.js';

export interface TableColumn {
  title: string;
  /** The last one takes what is left. */
  width: number;
  align?: 'left' | 'right';
}

export interface TableOptions {
  /** Behind the titles of the columns. */
  headColour: string;
  /** Draws beside the first line of a row, whose text begins `indent` to the right. */
  mark?: { indent: number; draw: (canvas: Canvas, row: number, x: number, y: number) => void };
}

const size = 8.5;
const leading = 12;
const padding = 4.5;
const gap = 8;
const headHeight = 18;

interface Laid {
  column: TableColumn & { x: number };
  lines: string[];
  style: TextStyle;
}

/** A row goes to the next sheet whole, unless it is longer than a sheet. */
export function drawTable(
  canvas: Canvas,
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { headColour, mark }: TableOptions,
): void {
  const placed = place(columns);
  const drawHead = (): void => head(canvas, placed, headColour);
  canvas.as('Table', () => {
    const first = rows[0];
    canvas.ensure(headHeight + (first ? Math.min(heightOf(lay(canvas, placed, first, mark?.indent)), 120) : 0));
    drawHead();
    for (const [index, row] of rows.entries()) {
      const cells = lay(canvas, placed, row, mark?.indent);
      const height = heightOf(cells);
      const isTall = height > page.bottom - page.top - 2 * headHeight - 40;
      if (canvas.ensure(isTall ? 4 * leading + 2 * padding : height)) drawHead();
      mark?.draw(canvas, index, (placed[0] as { x: number }).x, canvas.y + padding);
      drawRow(canvas, cells, drawHead);
      canvas.rule(canvas.y);
    }
  });
}

function place(columns: readonly TableColumn[]): (TableColumn & { x: number })[] {
  let x = page.left + gap;
  return columns.map((column, index) => {
    const width = index === columns.length - 1 ? page.right - gap - x : column.width;
    const placed = { ...column, width, x };
    x += width + gap;
    return placed;
  });
}

function head(canvas: Canvas, columns: readonly (TableColumn & { x: number })[], headColour: string): void {
  canvas.panel(page.left, canvas.y, page.right - page.left, headHeight, headColour);
  canvas.as('TR', () => {
    for (const { title, x, width, align = 'left' } of columns)
      canvas.as('TH', () =>
        canvas.text(title, x, canvas.y + 4, { font: 'bold', size: 8, colour: colours.onAccent, width, align }),
      );
  });
  canvas.y += headHeight;
}

const lay = (
  canvas: Canvas,
  columns: readonly (TableColumn & { x: number })[],
  row: readonly string[],
  indent = 0,
): Laid[] =>
  columns.map((given, index) => {
    const column = index === 0 ? { ...given, x: given.x + indent, width: given.width - indent } : given;
    const style: TextStyle = { size, width: column.width, align: column.align ?? 'left' };
    return { column, style, lines: canvas.wrap(row[index] ?? '', column.width, style) };
  });

const heightOf = (cells: readonly Laid[]): number =>
  Math.max(...cells.map(({ lines }) => lines.length)) * leading + 2 * padding;

function drawRow(canvas: Canvas, cells: readonly Laid[], drawHead: () => void): void {
  const count = Math.max(...cells.map(({ lines }) => lines.length));
  canvas.y += padding;
  for (let from = 0; from < count;) {
    if (from > 0) {
      canvas.ensure(page.bottom);
      drawHead();
      canvas.y += padding;
    }
    const fitting = Math.max(1, Math.floor((page.bottom - padding - canvas.y) / leading));
    const to = Math.min(count, from + fitting);
    canvas.as('TR', () => {
      for (const { column, lines, style } of cells)
        canvas.as('TD', () => {
          for (const [index, line] of lines.slice(from, to).entries())
            canvas.text(line, column.x, canvas.y + index * leading, style);
        });
    });
    canvas.y += (to - from) * leading;
    from = to;
  }
  canvas.y += padding;
}
