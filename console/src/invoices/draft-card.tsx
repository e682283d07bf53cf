import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Card } from '../ui/page';
import { type StaleField, StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import { useBase } from '../ui/use-base';
import { type DraftTerms, InvoiceForm, termsOf } from './invoice-form';
import { type InvoiceDetailsFragment, UpdateInvoiceOperation } from './operations.gen';
import { words } from './words';

/** The form of a draft. What others change appears at once where nothing was edited here. */
export function DraftCard({ invoice }: { invoice: InvoiceDetailsFragment }) {
  const t = useWords(words);
  const { base, key, hold, release, noteSent, noteSaved } = useBase(invoice);
  const [mine, setMine] = useState<DraftTerms>();
  const update = useAction(UpdateInvoiceOperation, { touches: ['invoices'] });
  const fields = useStaleFields(mine, termsOf(invoice));

  const save = async (terms: DraftTerms, version: number): Promise<void> => {
    setMine(terms);
    const { client, customer, currency, ...changes } = terms;
    const input = {
      id: invoice.id,
      version,
      ...changes,
      clientId: client?.id ?? null,
      ...(customer && { customerId: customer.id }),
      ...(currency !== null && { currency }),
    };
    const saved = (await update.run({ input }))?.updateInvoice;
    if (!saved) return;
    noteSaved(saved.invoice.version);
    tell(t('draftSaved'));
  };
  return (
    <Card title={t('draft')}>
      <InvoiceForm
        key={key}
        draft={base}
        error={update.error}
        onEdit={hold}
        onSubmit={(terms) => {
          noteSent();
          return save(terms, base.version);
        }}
      >
        <Button kind="primary" type="submit" isPending={update.isRunning}>
          {t('saveDraft')}
        </Button>
      </InvoiceForm>
      <StaleSave
        error={update.error}
        topics={['invoices']}
        fields={fields}
        onKeepMine={() => mine && save(mine, invoice.version)}
        onTakeTheirs={() => {
          release();
          update.reset();
        }}
      />
    </Card>
  );
}

/** Both versions in words, a line of the invoice after the other. */
function useStaleFields(mine: DraftTerms | undefined, theirs: DraftTerms): StaleField[] {
  const t = useWords(words);
  const format = useFormat();
  if (!mine) return [];
  const both = (name: string, textOf: (terms: DraftTerms) => string | null | undefined): StaleField => ({
    name,
    mine: textOf(mine) ?? '',
    theirs: textOf(theirs) ?? '',
  });
  const lineText = (item: DraftTerms['items'][number] | undefined): string | undefined =>
    item &&
    t('lineText', {
      description: item.description,
      quantity: Number(item.quantity),
      price: Number(item.unitPrice),
      rate: Number(item.vatRate),
    });
  return [
    both(t('client'), ({ client }) => client?.name),
    both(t('customer'), ({ customer }) => customer?.fullName),
    both(t('due'), ({ dueDate }) => dueDate && format.date(dueDate)),
    both(t('currency'), ({ currency }) => currency),
    both(
      t('exchangeRate'),
      ({ exchangeRate }) => exchangeRate && format.number(Number(exchangeRate), { maximumFractionDigits: 4 }),
    ),
    ...Array.from({ length: Math.max(mine.items.length, theirs.items.length) }, (_, index) =>
      both(t('lineOf', { place: index + 1 }), ({ items }) => lineText(items[index])),
    ),
  ];
}
