import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { DateTimeField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { momentOf, textOf } from '../ui/form-values';
import { Card } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { detailWords, inspectionKinds, inspectionKindWords } from './detail-words';
import type { ShownIntervention } from './intervention-page';
import {
  AddInspectionOperation,
  ChangeInspectionOperation,
  type InspectionKind,
  RemoveInspectionOperation,
} from './operations.gen';
import styles from './cards.module.css';

interface InspectionsCardProps {
  interventionId: string;
  inspections: ShownIntervention['inspections'];
  mayWrite: boolean;
}

export function InspectionsCard({ interventionId, inspections, mayWrite }: InspectionsCardProps) {
  const t = useWords(detailWords);
  const kindText = useWords(inspectionKindWords);
  const format = useFormat();
  const [isAdding, setAdding] = useState(false);
  const adding = useAction(AddInspectionOperation, { touches: ['interventions'] });
  const changing = useAction(ChangeInspectionOperation, { touches: ['interventions'], onError: complain });
  const removing = useAction(RemoveInspectionOperation, { touches: ['interventions'], onError: complain });
  const add = async (values: FormData) => {
    const done = await adding.run({
      input: {
        interventionId,
        kind: textOf(values, 'kind') as InspectionKind,
        inspectedAt: momentOf(values, 'inspectedAt'),
        result: textOf(values, 'result'),
        observations: textOf(values, 'observations'),
      },
    });
    if (done) setAdding(false);
  };
  const remove = async ({ id, kind, status, inspectedAt, result, observations }: (typeof inspections)[number]) => {
    if (!(await removing.run({ input: { id } }))) return;
    tell(t('removed'), () =>
      adding.run({
        input: {
          interventionId,
          kind,
          status,
          inspectedAt,
          result: result ?? null,
          observations: observations ?? null,
        },
      }),
    );
  };
  return (
    <Card
      title={t('inspections')}
      actions={
        mayWrite &&
        !isAdding && (
          <Button size="small" onPress={() => setAdding(true)}>
            <Plus size={16} aria-hidden /> {t('addInspection')}
          </Button>
        )
      }
    >
      {inspections.length === 0 && !isAdding && <p className="quiet">{t('inspectionsNone')}</p>}
      <ul className={styles.rows}>
        {inspections.map((inspection) => (
          <li key={inspection.id}>
            <span className={styles.what}>
              <span>
                <strong>{kindText(inspection.kind)}</strong>, {format.dateTime(inspection.inspectedAt)}
                {inspection.result && `: ${inspection.result}`}
              </span>
              {inspection.observations && <span className="quiet">{inspection.observations}</span>}
            </span>
            {mayWrite && (
              <span className={styles.tools}>
                {inspection.status === 'PLANNED' && (
                  <Button size="small" onPress={() => changing.run({ input: { id: inspection.id, status: 'DONE' } })}>
                    {t('markDone')}
                  </Button>
                )}
                <IconButton label={`${t('remove')}: ${kindText(inspection.kind)}`} onPress={() => remove(inspection)}>
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              </span>
            )}
          </li>
        ))}
      </ul>
      {isAdding && (
        <Form onSubmit={add} error={adding.error} names={['kind', 'inspectedAt', 'result', 'observations']}>
          <div className="fields">
            <Select
              name="kind"
              label={t('method')}
              defaultValue="VISUAL"
              choices={inspectionKinds.map((id) => ({ id, label: kindText(id) }))}
            />
            <DateTimeField name="inspectedAt" label={t('at')} defaultValue={new Date().toISOString()} isRequired />
          </div>
          <TextField name="result" label={t('result')} maxLength={500} />
          <TextField name="observations" label={t('observations')} isMultiline />
          <div className="row">
            <Button kind="primary" type="submit" isPending={adding.isRunning}>
              {t('save')}
            </Button>
            <Button onPress={() => setAdding(false)}>{t('cancel')}</Button>
          </div>
        </Form>
      )}
    </Card>
  );
}
