import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { fieldProblems } from '../graph/problems';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { TextField } from '../ui/form';
import { lineCents, scaledOf, scales, totalsOf, type TypedLine } from './live-totals';
import { words } from './words';
import styles from './line-fields.module.css';

export interface KeyedLine extends TypedLine {
  key: number;
}

let lastKey = 0;
export const keyed = (line: TypedLine): KeyedLine => ({ ...line, key: ++lastKey });
export const emptyLine = (vatRate = '20'): KeyedLine =>
  keyed({ description: '', quantity: '1', unitPrice: '', vatRate });

const commonRates = ['20', '10', '5.5', '2.1', '0'];
const mostLines = 200;

interface LineFieldsProps {
  lines: readonly KeyedLine[];
  onChange: (lines: KeyedLine[]) => void;
  currency: string;
  /** What the graph refused: problems of lines stand at their fields. */
  error?: unknown;
}

/** The lines of an invoice, with what they add up to as they are typed. */
export function LineFields({ lines, onChange, currency, error }: LineFieldsProps) {
  const t = useWords(words);
  const { money, number } = useFormat();
  const problems = fieldProblems(error);
  const [added, setAdded] = useState<number>();
  const add = (): void => {
    const line = emptyLine(lines.at(-1)?.vatRate);
    setAdded(line.key);
    onChange([...lines, line]);
  };
  const change = (key: number, changed: Partial<TypedLine>): void =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...changed } : line)));
  const totals = totalsOf(lines);
  const cents = (amount: bigint): string => money(Number(amount) / 100, currency);
  const isWrong = (typed: string, scale: number): boolean => typed !== '' && scaledOf(typed, scale) === undefined;

  return (
    <fieldset className={styles.lines}>
      <legend>{t('lines')}</legend>
      {lines.map((line, index) => {
        const place = index + 1;
        const net = lineCents(line);
        const problem = (field: keyof TypedLine): string | undefined => problems[`items.${index}.${field}`];
        return (
          <div key={line.key} className={styles.line} role="group" aria-label={t('lineOf', { place })}>
            <TextField
              label={t('what')}
              isRequired
              maxLength={2000}
              autoFocus={line.key === added}
              value={line.description}
              onChange={(description) => change(line.key, { description })}
              isInvalid={problem('description') !== undefined}
              description={problem('description')}
            />
            <TextField
              label={t('quantity')}
              inputMode="decimal"
              autoComplete="off"
              value={line.quantity}
              onChange={(quantity) => change(line.key, { quantity })}
              isInvalid={isWrong(line.quantity, scales.quantity) || problem('quantity') !== undefined}
              description={problem('quantity') ?? (isWrong(line.quantity, scales.quantity) ? t('noNumber') : undefined)}
            />
            <TextField
              label={t('unitPrice')}
              inputMode="decimal"
              autoComplete="off"
              value={line.unitPrice}
              onChange={(unitPrice) => change(line.key, { unitPrice })}
              isInvalid={isWrong(line.unitPrice, scales.unitPrice) || problem('unitPrice') !== undefined}
              description={
                problem('unitPrice') ?? (isWrong(line.unitPrice, scales.unitPrice) ? t('noNumber') : undefined)
              }
            />
            <Select
              label={t('vat')}
              choices={[...new Set([...commonRates, line.vatRate])].map((rate) => ({
                id: rate,
                label: t('percent', { rate: number(Number(rate)) }),
              }))}
              value={line.vatRate}
              onChange={(vatRate) => change(line.key, { vatRate: vatRate ?? '0' })}
              description={problem('vatRate')}
            />
            <span className={styles.net}>
              <span className={styles.netLabel}>{t('lineTotal')}</span>
              <output>{net === undefined ? '–' : cents(net)}</output>
            </span>
            <span className={styles.remove}>
              <IconButton
                label={t('removeLine', { place })}
                isDisabled={lines.length === 1}
                onPress={() => onChange(lines.filter(({ key }) => key !== line.key))}
              >
                <Trash2 size={18} aria-hidden />
              </IconButton>
            </span>
          </div>
        );
      })}
      <div className={styles.foot}>
        <Button size="small" isDisabled={lines.length >= mostLines} onPress={add}>
          <Plus size={16} aria-hidden />
          {t('addLine')}
        </Button>
        <div role="group" aria-label={t('totals')}>
          <dl className={styles.totals}>
            <div>
              <dt>{t('net')}</dt>
              <dd>{cents(totals.net)}</dd>
            </div>
            {totals.rates.map(({ rate, base, tax }) => (
              <div key={String(rate)}>
                <dt>{t('vatOn', { rate: number(Number(rate) / 100), base: cents(base) })}</dt>
                <dd>{cents(tax)}</dd>
              </div>
            ))}
            <div className={styles.total}>
              <dt>{t('total')}</dt>
              <dd>{cents(totals.total)}</dd>
            </div>
          </dl>
        </div>
      </div>
    </fieldset>
  );
}
