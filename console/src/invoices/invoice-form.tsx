import { type ReactNode, useState } from 'react';
import { language, useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { DateField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { type Buyer, BuyerFields } from './buyer-fields';
import { emptyLine, type KeyedLine, keyed, LineFields } from './line-fields';
import { decimalText, scales } from './live-totals';
import type { InvoiceDetailsFragment, InvoiceItemInput } from './operations.gen';
import { words } from './words';

/** What a form says of a draft. */
export interface DraftTerms extends Buyer {
  currency: string | null;
  dueDate: string | null;
  exchangeRate: string | null;
  items: InvoiceItemInput[];
}

interface InvoiceFormProps {
  /** The draft as it was when its form was opened. */
  draft?: InvoiceDetailsFragment;
  buyer?: Buyer;
  error: unknown;
  /** Something was changed in it. */
  onEdit?: () => void;
  onSubmit: (terms: DraftTerms) => unknown;
  /** The buttons. */
  children: ReactNode;
}

/** A number as the reader would type it. */
const typed = (value: number): string => String(value).replace('.', language() === 'fr' ? ',' : '.');

export const linesOf = ({ lines }: Pick<InvoiceDetailsFragment, 'lines'>): KeyedLine[] =>
  lines.map(({ description, quantity, unitPrice, vatRate }) =>
    keyed({ description, quantity: typed(quantity), unitPrice: typed(unitPrice), vatRate: String(vatRate) }),
  );

export const itemsOf = (lines: readonly KeyedLine[]): InvoiceItemInput[] =>
  lines.map(({ description, quantity, unitPrice, vatRate }) => ({
    description,
    quantity: decimalText(quantity, scales.quantity),
    unitPrice: decimalText(unitPrice, scales.unitPrice),
    vatRate: decimalText(vatRate, scales.vatRate),
  }));

/** What a draft says, as its form would. */
export const termsOf = (draft: InvoiceDetailsFragment): DraftTerms => ({
  client: draft.client ?? null,
  customer: draft.customer ?? null,
  currency: draft.currency,
  dueDate: draft.dueDate ?? null,
  exchangeRate: draft.exchangeRate == null ? null : String(draft.exchangeRate),
  items: itemsOf(linesOf(draft)),
});

export function InvoiceForm({
  draft,
  buyer: firstBuyer = draft ?? {},
  error,
  onEdit = () => undefined,
  onSubmit,
  children,
}: InvoiceFormProps) {
  const t = useWords(words);
  const firmCurrency = useFirmCurrency();
  const [lines, setLines] = useState<KeyedLine[]>(draft ? linesOf(draft) : [emptyLine()]);
  const [buyer, setBuyer] = useState<Buyer>({
    client: firstBuyer.client ?? null,
    customer: firstBuyer.customer ?? null,
  });
  const [currency, setCurrency] = useState(draft?.currency ?? firmCurrency);
  const lineNames = lines.flatMap((_, index) =>
    ['description', 'quantity', 'unitPrice', 'vatRate'].map((field) => `items.${index}.${field}`),
  );
  const submit = (values: FormData): unknown =>
    onSubmit({
      ...buyer,
      currency: currency.trim().toUpperCase() || null,
      dueDate: String(values.get('dueDate') ?? '') || null,
      exchangeRate: String(values.get('exchangeRate') ?? '').replace(',', '.') || null,
      items: itemsOf(lines),
    });
  return (
    <Form
      onSubmit={submit}
      error={error}
      names={['clientId', 'customerId', 'dueDate', 'currency', 'exchangeRate', ...lineNames]}
    >
      <BuyerFields
        buyer={buyer}
        onChange={(changed) => {
          onEdit();
          setBuyer({ ...buyer, ...changed });
        }}
      />
      <div className="fields">
        <DateField
          label={t('due')}
          name="dueDate"
          defaultValue={draft?.dueDate ?? null}
          onChange={onEdit}
          description={t('dueHint')}
        />
        <TextField
          label={t('currency')}
          name="currency"
          maxLength={3}
          value={currency}
          onChange={(typed) => {
            onEdit();
            setCurrency(typed);
          }}
          description={t('currencyHint')}
        />
        {currency.toUpperCase() !== 'EUR' && (
          <TextField
            label={t('exchangeRate')}
            name="exchangeRate"
            inputMode="decimal"
            defaultValue={draft?.exchangeRate == null ? '' : String(draft.exchangeRate)}
            onChange={onEdit}
            description={t('exchangeRateHint')}
          />
        )}
      </div>
      <LineFields
        lines={lines}
        onChange={(changed) => {
          onEdit();
          setLines(changed);
        }}
        currency={/^[A-Za-z]{3}$/.test(currency) ? currency.toUpperCase() : firmCurrency}
        error={error}
      />
      <div className="row">{children}</div>
    </Form>
  );
}
