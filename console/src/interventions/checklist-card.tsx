import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Card } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { detailWords } from './detail-words';
import type { ShownIntervention } from './intervention-page';
import {
  AddChecklistItemsOperation,
  ChangeChecklistItemOperation,
  RemoveChecklistItemOperation,
} from './operations.gen';
import styles from './cards.module.css';

interface ChecklistCardProps {
  interventionId: string;
  items: ShownIntervention['checklist'];
  mayWrite: boolean;
}

export function ChecklistCard({ interventionId, items, mayWrite }: ChecklistCardProps) {
  const t = useWords(detailWords);
  const format = useFormat();
  const [round, setRound] = useState(0);
  const adding = useAction(AddChecklistItemsOperation, { touches: ['interventions'] });
  const changing = useAction(ChangeChecklistItemOperation, { touches: ['interventions'], onError: complain });
  const removing = useAction(RemoveChecklistItemOperation, { touches: ['interventions'], onError: complain });
  const add = async (values: FormData, isAsSent: () => boolean) => {
    const labels = (textOf(values, 'labels') ?? '').split('\n').map((line) => line.trim());
    const done = await adding.run({
      input: { interventionId, items: labels.filter(Boolean).map((label) => ({ label })) },
    });
    if (done && isAsSent()) setRound(round + 1);
  };
  const remove = async ({ id, label, note }: (typeof items)[number]) => {
    if (!(await removing.run({ input: { id } }))) return;
    tell(t('removed'), () => adding.run({ input: { interventionId, items: [{ label, note: note ?? null }] } }));
  };
  const done = items.filter(({ isDone }) => isDone).length;
  return (
    <Card
      title={t('checklist')}
      actions={items.length > 0 && <span className="quiet">{t('checklistDone', { done, total: items.length })}</span>}
    >
      {items.length === 0 && <p className="quiet">{t('checklistNone')}</p>}
      <ul className={styles.rows}>
        {items.map((item, index) => (
          <li key={item.id}>
            <Checkbox
              isSelected={item.isDone}
              isReadOnly={!mayWrite}
              onChange={(isDone) => void changing.run({ input: { id: item.id, isDone } })}
              {...((item.note || item.doneBy) && {
                description: [
                  item.note,
                  item.doneBy && t('doneBy', { name: item.doneBy.fullName, when: format.dateTime(item.doneAt) }),
                ]
                  .filter(Boolean)
                  .join(' · '),
              })}
            >
              {item.label}
            </Checkbox>
            {mayWrite && (
              <span className={styles.tools}>
                <IconButton
                  label={t('moveUp', { name: item.label })}
                  isDisabled={index === 0}
                  onPress={() =>
                    void changing.run({ input: { id: item.id, position: items[index - 1]?.position ?? 1 } })
                  }
                >
                  <ArrowUp size={16} aria-hidden />
                </IconButton>
                <IconButton
                  label={t('moveDown', { name: item.label })}
                  isDisabled={index === items.length - 1}
                  onPress={() =>
                    void changing.run({ input: { id: item.id, position: (items[index + 1]?.position ?? 1) + 1 } })
                  }
                >
                  <ArrowDown size={16} aria-hidden />
                </IconButton>
                <IconButton label={`${t('remove')}: ${item.label}`} onPress={() => remove(item)}>
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              </span>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <Form key={round} onSubmit={add} error={adding.error}>
          <TextField name="labels" label={t('checklistAdd')} isMultiline rows={2} isRequired />
          <div>
            <Button type="submit" isPending={adding.isRunning}>
              {t('add')}
            </Button>
          </div>
        </Form>
      )}
    </Card>
  );
}
