/** The curve of a balance over a period, by d3's scales and shapes. A balance stays until it moves, so it has steps. */
import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { type Canvas, colours, contentWidth, page } from '../../../print/canvas.js';
import { printedDate, printedMoney } from '../../../print/text.js';
import type { BalanceCurve } from './statement.js';

const height = 130;
const labelWidth = 78;
const dayMs = 86_400_000;

interface Point {
  at: number;
  balance: number;
}

const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export function drawBalanceCurve(
  canvas: Canvas,
  { currency, opening, points }: BalanceCurve,
  { from, to }: { from: string; to: string },
): void {
  canvas.ensure(height + 44);
  const { pdf } = canvas;
  canvas.text(`Solde en ${currency}`, page.left, canvas.y, { font: 'bold', size: 9, colour: colours.accent });
  const top = canvas.y + 18;
  const left = page.left + labelWidth;
  const end = startOf(to) + dayMs;
  // Figures only place ink here: what is printed as a number comes from decimal text.
  const drawn: Point[] = [
    { at: startOf(from), balance: Number(opening) },
    ...points.map(({ day, balance }) => ({ at: startOf(day), balance: Number(balance) })),
  ];
  drawn.push({ at: end, balance: drawn.at(-1)?.balance ?? 0 });
  const balances = drawn.map(({ balance }) => balance);
  const x = scaleUtc([startOf(from), end], [left, page.right]);
  const y = scaleLinear([Math.min(0, ...balances), Math.max(0, ...balances)], [top + height, top]).nice(4);

  for (const tick of y.ticks(4)) {
    canvas.rule(y(tick), left, page.right);
    const label = printedMoney(tick.toFixed(2), currency);
    canvas.text(label, page.left, y(tick) - 4, {
      size: 7,
      colour: colours.muted,
      width: labelWidth - 8,
      align: 'right',
    });
  }
  const filled = area<Point>(
    (point) => x(point.at),
    y(0),
    (point) => y(point.balance),
  ).curve(curveStepAfter);
  const stroked = line<Point>(
    (point) => x(point.at),
    (point) => y(point.balance),
  ).curve(curveStepAfter);
  pdf.path(filled(drawn) ?? '').fill(colours.panel);
  pdf.moveTo(left, y(0)).lineTo(page.right, y(0)).lineWidth(0.8).strokeColor(colours.muted).stroke();
  pdf
    .path(stroked(drawn) ?? '')
    .lineWidth(1.3)
    .strokeColor(colours.accent)
    .stroke();

  const days = { size: 7, colour: colours.muted, width: contentWidth - labelWidth } as const;
  canvas.text(printedDate(from), left, top + height + 6, days);
  canvas.text(printedDate(to), left, top + height + 6, { ...days, align: 'right' });
  canvas.y = top + height + 28;
}
