import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { textOf } from '../ui/form-values';
import { tell } from '../ui/toast';
import { filledIntervention, InterventionFields, interventionFieldNames } from './intervention-fields';
import { CreateInterventionOperation } from './operations.gen';
import { words } from './words';

interface NewInterventionProps {
  isOpen: boolean;
  /** UUID of the client that it is for; null lets one choose. */
  clientId: string | null;
  onClose: () => void;
}

export function NewInterventionDialog({ isOpen, clientId, onClose }: NewInterventionProps) {
  const t = useWords(words);
  const navigate = useNavigate();
  const action = useAction(CreateInterventionOperation, { touches: ['interventions', 'clients', 'appointments'] });
  const close = () => {
    action.reset();
    onClose();
  };
  const submit = async (values: FormData) => {
    const filled = filledIntervention(values);
    const done = await action.run({
      input: { ...filled, scheduledAt: filled.scheduledAt ?? '', clientId: textOf(values, 'clientId') ?? '' },
    });
    const made = done?.createIntervention?.intervention;
    if (!made) return;
    tell(t('added'));
    await navigate({ to: '/interventions/$id', params: { id: String(made.id) }, search: {} });
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t('add')}>
      <Form onSubmit={submit} error={action.error} names={interventionFieldNames}>
        <InterventionFields clientId={clientId} />
        <DialogActions>
          <Button onPress={close}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('add')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
