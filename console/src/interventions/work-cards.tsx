import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { Button, IconButton } from '../ui/button';
import { DateField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { MoneyField, NumberField } from '../ui/number-field';
import { Card } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { detailWords } from './detail-words';
import type { ShownIntervention } from './intervention-page';
import {
  AddUsedPartOperation,
  AddWorkEntryOperation,
  RemoveUsedPartOperation,
  RemoveWorkEntryOperation,
} from './operations.gen';
import { clockLength } from './today';
import styles from './cards.module.css';

interface WorkCardProps {
  interventionId: string;
  entries: ShownIntervention['workEntries'];
  mayWrite: boolean;
}

/** The form alone is on the technician's page too. */
export function WorkForm({ interventionId, onDone }: { interventionId: string; onDone?: () => void }) {
  const t = useWords(detailWords);
  const [round, setRound] = useState(0);
  const action = useAction(AddWorkEntryOperation, { touches: ['interventions'] });
  const add = async (values: FormData, isAsSent: () => boolean) => {
    const done = await action.run({
      input: {
        interventionId,
        workDate: textOf(values, 'workDate') ?? today(),
        minutes: numberOf(values, 'minutes') ?? 0,
        note: textOf(values, 'note'),
      },
    });
    if (!done) return;
    tell(t('saved'));
    if (!isAsSent()) return;
    setRound(round + 1);
    onDone?.();
  };
  return (
    <Form key={round} onSubmit={add} error={action.error} names={['workDate', 'minutes', 'note']} isInline>
      <DateField name="workDate" label={t('day')} defaultValue={today()} isRequired />
      <NumberField name="minutes" label={t('minutes')} minValue={1} maxValue={1440} isRequired />
      <TextField name="note" label={t('note')} />
      <Button type="submit" isPending={action.isRunning}>
        {t('addWork')}
      </Button>
    </Form>
  );
}

export function WorkCard({ interventionId, entries, mayWrite }: WorkCardProps) {
  const t = useWords(detailWords);
  const format = useFormat();
  const adding = useAction(AddWorkEntryOperation, { touches: ['interventions'], onError: complain });
  const removing = useAction(RemoveWorkEntryOperation, { touches: ['interventions'], onError: complain });
  const remove = async ({ id, workDate, minutes, note, technician }: (typeof entries)[number]) => {
    if (!(await removing.run({ input: { id } }))) return;
    tell(t('removed'), () =>
      adding.run({ input: { interventionId, workDate, minutes, technician, note: note ?? null } }),
    );
  };
  const minutes = entries.reduce((sum, entry) => sum + entry.minutes, 0);
  return (
    <Card title={t('workEntries')} actions={minutes > 0 && <strong>{clockLength(minutes)}</strong>}>
      {entries.length === 0 && <p className="quiet">{t('workNone')}</p>}
      <ul className={styles.rows}>
        {entries.map((entry) => (
          <li key={entry.id}>
            <span className={styles.what}>
              <span>
                {entry.technicianUser?.fullName ?? entry.technician}, {format.date(entry.workDate)}
              </span>
              {entry.note && <span className="quiet">{entry.note}</span>}
            </span>
            <span className={styles.tools}>
              <span className="number">{clockLength(entry.minutes)}</span>
              {mayWrite && (
                <IconButton label={`${t('remove')}: ${format.date(entry.workDate)}`} onPress={() => remove(entry)}>
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              )}
            </span>
          </li>
        ))}
      </ul>
      {mayWrite && <WorkForm interventionId={interventionId} />}
    </Card>
  );
}

interface PartsCardProps {
  interventionId: string;
  parts: ShownIntervention['usedParts'];
  total: number;
  mayWrite: boolean;
}

export function PartsCard({ interventionId, parts, total, mayWrite }: PartsCardProps) {
  const t = useWords(detailWords);
  const firmCurrency = useFirmCurrency();
  const format = useFormat();
  const [round, setRound] = useState(0);
  const adding = useAction(AddUsedPartOperation, { touches: ['interventions'] });
  const removing = useAction(RemoveUsedPartOperation, { touches: ['interventions'], onError: complain });
  const add = async (values: FormData, isAsSent: () => boolean) => {
    const done = await adding.run({
      input: {
        interventionId,
        label: textOf(values, 'label') ?? '',
        reference: textOf(values, 'reference'),
        quantity: numberOf(values, 'quantity') ?? 1,
        unitPrice: numberOf(values, 'unitPrice'),
      },
    });
    if (done && isAsSent()) setRound(round + 1);
  };
  const remove = async ({ id, label, reference, quantity, unitPrice }: (typeof parts)[number]) => {
    if (!(await removing.run({ input: { id } }))) return;
    tell(t('removed'), () =>
      adding.run({
        input: { interventionId, label, quantity, reference: reference ?? null, unitPrice: unitPrice ?? null },
      }),
    );
  };
  return (
    <Card title={t('usedParts')} actions={total > 0 && <strong>{format.money(total, firmCurrency)}</strong>}>
      {parts.length === 0 && <p className="quiet">{t('partsNone')}</p>}
      <ul className={styles.rows}>
        {parts.map((part) => (
          <li key={part.id}>
            <span className={styles.what}>
              <span>
                {format.number(part.quantity)} × {part.label}
              </span>
              {part.reference && <span className="quiet">{part.reference}</span>}
            </span>
            <span className={styles.tools}>
              <span className="number">{format.money(part.total, firmCurrency)}</span>
              {mayWrite && (
                <IconButton label={`${t('remove')}: ${part.label}`} onPress={() => remove(part)}>
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              )}
            </span>
          </li>
        ))}
      </ul>
      {mayWrite && (
        <Form
          key={round}
          onSubmit={add}
          error={adding.error}
          names={['label', 'reference', 'quantity', 'unitPrice']}
          isInline
        >
          <TextField name="label" label={t('part')} isRequired />
          <TextField name="reference" label={t('reference')} />
          <NumberField
            name="quantity"
            label={t('quantity')}
            defaultValue={1}
            minValue={0}
            formatOptions={{ maximumFractionDigits: 3 }}
            isRequired
          />
          <MoneyField name="unitPrice" label={t('unitPrice')} currency={firmCurrency} minValue={0} />
          <Button type="submit" isPending={adding.isRunning}>
            {t('addPart')}
          </Button>
        </Form>
      )}
    </Card>
  );
}
