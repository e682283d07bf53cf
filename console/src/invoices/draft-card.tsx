import { useState } from 'react';
import { graph } from '../graph/client';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Card, Facts } from '../ui/page';
import { tell } from '../ui/toast';
import { type DraftTerms, InvoiceForm } from './invoice-form';
import { totalsOf } from './live-totals';
import { InvoiceDetailOperation, type InvoiceDetailsFragment, UpdateInvoiceOperation } from './operations.gen';
import { words } from './words';

interface Stale {
  /** What somebody else saved meanwhile. */
  theirs: InvoiceDetailsFragment;
  mine: DraftTerms;
}

/**
 * The form of a draft. What somebody else saved since it was opened is not overwritten: both versions are shown, and
 * the person chooses.
 */
export function DraftCard({ invoice }: { invoice: InvoiceDetailsFragment }) {
  const t = useWords(words);
  const [base, setBase] = useState(invoice);
  const [stale, setStale] = useState<Stale>();
  const update = useAction(UpdateInvoiceOperation, { touches: ['invoices'] });

  const write = async (terms: DraftTerms): Promise<void> => {
    const { customerId, currency, ...changes } = terms;
    const input = {
      id: invoice.id,
      ...changes,
      ...(customerId !== null && { customerId }),
      ...(currency !== null && { currency }),
    };
    if (!(await update.run({ input }))) return;
    setStale(undefined);
    const { invoice: saved } = await graph.query(InvoiceDetailOperation, { id: invoice.id });
    if (saved) setBase(saved);
    tell(t('draftSaved'));
  };
  const save = async (terms: DraftTerms): Promise<void> => {
    const { invoice: now } = await graph.query(InvoiceDetailOperation, { id: invoice.id });
    if (now && now.updatedAt !== base.updatedAt) setStale({ theirs: now, mine: terms });
    else await write(terms);
  };
  return (
    <Card title={t('draft')}>
      <InvoiceForm key={base.updatedAt} draft={base} error={update.error} onSubmit={save}>
        <Button kind="primary" type="submit" isPending={update.isRunning}>
          {t('saveDraft')}
        </Button>
      </InvoiceForm>
      {stale && (
        <Dialog isOpen onClose={() => setStale(undefined)} title={t('stale')} size="large">
          <p>{t('staleText')}</p>
          <div className="columns">
            <Version title={t('yours')} {...stale.mine} />
            <Version
              title={t('theirs')}
              dueDate={stale.theirs.dueDate}
              currency={stale.theirs.currency}
              items={stale.theirs.lines}
            />
          </div>
          <DialogActions>
            <Button
              onPress={() => {
                setBase(stale.theirs);
                setStale(undefined);
              }}
            >
              {t('takeTheirs')}
            </Button>
            <Button kind="primary" isPending={update.isRunning} onPress={() => void write(stale.mine)}>
              {t('keepYours')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Card>
  );
}

interface VersionProps extends Pick<DraftTerms, 'dueDate' | 'currency'> {
  title: string;
  items: readonly {
    description: string;
    quantity: number | string;
    unitPrice: number | string;
    vatRate?: number | string;
  }[];
}

function Version({ title, dueDate, currency, items }: VersionProps) {
  const t = useWords(words);
  const format = useFormat();
  const { total } = totalsOf(
    items.map(({ description, quantity, unitPrice, vatRate = 0 }) => ({
      description,
      quantity: String(quantity),
      unitPrice: String(unitPrice),
      vatRate: String(vatRate),
    })),
  );
  return (
    <Card title={title}>
      <Facts
        facts={[
          [t('due'), format.date(dueDate)],
          [t('total'), format.money(Number(total) / 100, currency)],
        ]}
      />
      <ul>
        {items.map(({ description, quantity, unitPrice, vatRate }, index) => (
          <li key={`${index} ${description}`}>
            {t('lineText', {
              description,
              quantity: Number(quantity),
              price: Number(unitPrice),
              rate: Number(vatRate),
            })}
          </li>
        ))}
      </ul>
    </Card>
  );
}
