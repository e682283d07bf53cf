import { type ReactNode, useState } from 'react';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { DateField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { type Buyer, BuyerFields } from './buyer-fields';
import { emptyLine, type KeyedLine, keyed, LineFields } from './line-fields';
import { decimalText, scales } from './live-totals';
import type { InvoiceDetailsFragment, InvoiceItemInput } from './operations.gen';
import { words } from './words';

/** What a form says of a draft. */
export interface DraftTerms {
  clientId: string | null;
  customerId: string | null;
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
  onSubmit: (terms: DraftTerms) => unknown;
  /** The buttons. */
  children: ReactNode;
}

export const linesOf = ({ lines }: Pick<InvoiceDetailsFragment, 'lines'>): KeyedLine[] =>
  lines.map(({ description, quantity, unitPrice, vatRate }) =>
    keyed({ description, quantity: String(quantity), unitPrice: String(unitPrice), vatRate: String(vatRate) }),
  );

export const itemsOf = (lines: readonly KeyedLine[]): InvoiceItemInput[] =>
  lines.map(({ description, quantity, unitPrice, vatRate }) => ({
    description,
    quantity: decimalText(quantity, scales.quantity),
    unitPrice: decimalText(unitPrice, scales.unitPrice),
    vatRate: decimalText(vatRate, scales.vatRate),
  }));

export function InvoiceForm({ draft, buyer = draft ?? {}, error, onSubmit, children }: InvoiceFormProps) {
  const t = useWords(words);
  const firmCurrency = useFirmCurrency();
  const [lines, setLines] = useState<KeyedLine[]>(draft ? linesOf(draft) : [emptyLine()]);
  const [clientId, setClientId] = useState<string | null>(buyer.client?.id ?? null);
  const [customerId, setCustomerId] = useState<string | null>(buyer.customer?.id ?? null);
  const [currency, setCurrency] = useState(draft?.currency ?? firmCurrency);
  const lineNames = lines.flatMap((_, index) =>
    ['description', 'quantity', 'unitPrice', 'vatRate'].map((field) => `items.${index}.${field}`),
  );
  const submit = (values: FormData): unknown =>
    onSubmit({
      clientId,
      customerId,
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
        clientId={clientId}
        customerId={customerId}
        onClient={setClientId}
        onCustomer={setCustomerId}
      />
      <div className="fields">
        <DateField label={t('due')} name="dueDate" defaultValue={draft?.dueDate ?? null} description={t('dueHint')} />
        <TextField
          label={t('currency')}
          name="currency"
          maxLength={3}
          value={currency}
          onChange={setCurrency}
          description={t('currencyHint')}
        />
        {currency.toUpperCase() !== 'EUR' && (
          <TextField
            label={t('exchangeRate')}
            name="exchangeRate"
            inputMode="decimal"
            defaultValue={draft?.exchangeRate == null ? '' : String(draft.exchangeRate)}
            description={t('exchangeRateHint')}
          />
        )}
      </div>
      <LineFields
        lines={lines}
        onChange={setLines}
        currency={/^[A-Za-z]{3}$/.test(currency) ? currency.toUpperCase() : firmCurrency}
        error={error}
      />
      <div className="row">{children}</div>
    </Form>
  );
}
