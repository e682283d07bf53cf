import { sizeText } from './output.js';

type Unit = 'bytes' | 'rows' | 'files' | 'tables';

/** Tells on the error output how far long work has come: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** A new stage; `total` when it is known, in the unit of `advance`. */
  stage: (label: string, options?: { total?: number; unit?: Unit }) => void;
  advance: (by: number) => void;
  done: () => void;
}

const redrawMs = 100;
const lineMs = 5_000;
const barWidth = 24;

export const silentProgress: Progress = {
  stage: () => undefined,
  advance: () => undefined,
  done: () => undefined,
};

export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const isTerminal = Boolean(stream.isTTY);
  let label = '';
  let total: number | undefined;
  let unit: Unit = 'rows';
  let at = 0;
  let drawnMs = 0;

  const amount = (n: number): string => (unit === 'bytes' ? sizeText(n) : `${n} ${unit}`);
  const state = (): string => {
    if (total === undefined || total === 0) return at === 0 ? '' : amount(at);
    const share = Math.min(at / total, 1);
    const filled = Math.round(share * barWidth);
    const bar = isTerminal ? `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ` : '';
    return `${bar}${Math.floor(share * 100)} % of ${amount(total)}`;
  };
  const draw = (): void => {
    drawnMs = performance.now();
    stream.write(isTerminal ? `\r\u001b[2K${label}  ${state()}` : `${label}  ${state()}\n`);
  };
  const finish = (): void => {
    if (label === '') return;
    if (isTerminal) {
      draw();
      stream.write('\n');
    } else if (at > 0) stream.write(`${label}: ${amount(at)}\n`);
    label = '';
  };
  return {
    stage: (next, { total: whole, unit: ofWhat = 'rows' } = {}) => {
      finish();
      [label, total, unit, at] = [next, whole, ofWhat, 0];
      drawnMs = performance.now();
      if (isTerminal) draw();
    },
    advance: (by) => {
      at += by;
      if (performance.now() - drawnMs >= (isTerminal ? redrawMs : lineMs)) draw();
    },
    done: finish,
  };
}
