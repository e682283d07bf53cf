import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, FileLink, IconButton } from '../ui/button';
import { ComboBox, Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Notice } from '../ui/notice';
import { MoneyField, NumberField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { centsOf, decimalOf } from './amounts';
import { useCategoryChoices } from './choices';
import { type TransactionFactsFragment, UpdateTransactionOperation } from './operations.gen';
import { useTransactionActions } from './transaction-actions';
import { words } from './words';
import styles from './transaction-dialog.module.css';

interface Part {
  key: number;
  /** Undefined while the field is empty. */
  cents: number | undefined;
  categoryId: string | null;
  description: string;
}

let lastKey = 0;
const partOf = (cents?: number, categoryId: string | null = null, description = ''): Part => ({
  key: ++lastKey,
  cents,
  categoryId,
  description,
});

/** The facts of a transaction, and how it is shared out among categories. */
export function TransactionDialog({ of, onClose }: { of: TransactionFactsFragment; onClose: () => void }) {
  const t = useWords(words);
  const { removeReceipt } = useTransactionActions();
  const categories = useCategoryChoices();
  const update = useAction(UpdateTransactionOperation, { touches: ['banking'] });
  const [amount, setAmount] = useState(of.amount);
  const [parts, setParts] = useState<Part[]>(
    of.splits.map(({ amount, category, description }) => partOf(centsOf(amount), category?.id ?? null, description)),
  );
  const isSplit = parts.length > 0;
  // A leg's amount and day are the transfer's, those of a reconciled one the statement's.
  const isFixed = of.isReconciled || of.transfer !== null;

  const save = async (values: FormData): Promise<void> => {
    const labels = String(values.get('labels') ?? '')
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean);
    const done = await update.run({
      input: {
        id: of.id,
        description: String(values.get('description')),
        notes: String(values.get('notes') ?? ''),
        labels,
        ...(!isFixed && { amount: decimalOf(centsOf(amount)), transactionDate: String(values.get('transactionDate')) }),
        ...(isSplit
          ? {
              splits: parts.map(({ cents = 0, categoryId, description }) => ({
                amount: decimalOf(cents),
                categoryId,
                description,
              })),
            }
          : { splits: [], ...(!of.transfer && { categoryId: String(values.get('categoryId') || '') || null }) }),
      },
    });
    if (!done) return;
    tell(t('transactionSaved'));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('editTransaction')} size={isSplit ? 'large' : 'normal'}>
      <Form
        onSubmit={save}
        error={update.error}
        names={['description', 'amount', 'transactionDate', 'categoryId', 'labels', 'notes']}
      >
        {of.isReconciled && <Notice>{t('reconciledFixed')}</Notice>}
        {of.transfer && <Notice>{t('transferFixed')}</Notice>}
        <TextField
          label={t('description')}
          name="description"
          isRequired
          maxLength={500}
          defaultValue={of.description}
        />
        <div className="fields">
          <MoneyField
            label={t('amount')}
            name="amount"
            currency={of.account.currency}
            isRequired
            isDisabled={isFixed}
            value={amount}
            onChange={setAmount}
          />
          <DateField
            label={t('date')}
            name="transactionDate"
            isRequired
            isDisabled={isFixed}
            defaultValue={of.transactionDate}
          />
          {!isSplit && !of.transfer && categories.length > 0 && (
            <ComboBox
              label={t('category')}
              name="categoryId"
              choices={categories}
              defaultValue={of.category?.id ?? null}
            />
          )}
        </div>
        {!of.transfer &&
          (isSplit ? (
            <Parts parts={parts} onChange={setParts} cents={centsOf(amount)} currency={of.account.currency} />
          ) : (
            <div>
              <Button
                size="small"
                onPress={() => setParts([partOf(centsOf(amount), of.category?.id ?? null), partOf()])}
              >
                {t('split')}
              </Button>
            </div>
          ))}
        <TextField
          label={t('labels')}
          name="labels"
          description={t('labelsHint')}
          defaultValue={of.labels.join(', ')}
        />
        <TextField label={t('notes')} name="notes" isMultiline maxLength={5000} defaultValue={of.notes} />
        {of.receipts.length > 0 && (
          <section className="stack" aria-label={t('receipts')}>
            <h3>{t('receipts')}</h3>
            {of.receipts.map(({ id, file }) => (
              <span key={id} className="row spread">
                <FileLink href={file.downloadUrl} size="small">
                  {file.name}
                </FileLink>
                <IconButton label={t('removeReceipt', { name: file.name })} onPress={() => removeReceipt(of.id, id)}>
                  <Trash2 size={18} aria-hidden />
                </IconButton>
              </span>
            ))}
          </section>
        )}
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={update.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

interface PartsProps {
  parts: readonly Part[];
  onChange: (parts: Part[]) => void;
  /** What they must add up to. */
  cents: number;
  currency: string;
}

function Parts({ parts, onChange, cents, currency }: PartsProps) {
  const t = useWords(words);
  const { money } = useFormat();
  const categories = useCategoryChoices();
  const rest = cents - parts.reduce((sum, part) => sum + (part.cents ?? 0), 0);
  // Parts of an expense are typed as they are spoken of, without its sign.
  const sign = cents < 0 ? -1 : 1;
  const change = (key: number, changed: Partial<Part>): void =>
    onChange(parts.map((part) => (part.key === key ? { ...part, ...changed } : part)));
  return (
    <fieldset className={styles.parts}>
      <legend>{t('parts')}</legend>
      {parts.map((part, index) => (
        <div key={part.key} className={styles.part}>
          <NumberField
            label={t('partAmount', { place: index + 1 })}
            step={0.01}
            formatOptions={{ style: 'currency', currency }}
            value={part.cents === undefined ? NaN : (sign * part.cents) / 100}
            onChange={(amount) =>
              change(part.key, { cents: Number.isNaN(amount) ? undefined : sign * centsOf(amount) })
            }
          />
          <Select
            label={t('category')}
            choices={[{ id: '', label: t('withoutCategory') }, ...categories]}
            value={part.categoryId ?? ''}
            onChange={(categoryId) => change(part.key, { categoryId: categoryId || null })}
          />
          <TextField
            label={t('description')}
            maxLength={500}
            value={part.description}
            onChange={(description) => change(part.key, { description })}
          />
          <span className={styles.remove}>
            <IconButton
              label={t('removePart', { place: index + 1 })}
              onPress={() => onChange(parts.filter(({ key }) => key !== part.key))}
            >
              <Trash2 size={18} aria-hidden />
            </IconButton>
          </span>
        </div>
      ))}
      <div className="row spread">
        <span className="row">
          <Button size="small" onPress={() => onChange([...parts, partOf(rest === 0 ? undefined : rest)])}>
            <Plus size={16} aria-hidden />
            {t('addPart')}
          </Button>
          <Button size="small" kind="quiet" onPress={() => onChange([])}>
            {t('unsplit')}
          </Button>
        </span>
        <strong role="status" className={rest === 0 ? styles.even : styles.uneven}>
          {rest === 0 ? t('partsAddUp') : t('partsLeft', { amount: money((sign * rest) / 100, currency, false) })}
        </strong>
      </div>
    </fieldset>
  );
}
