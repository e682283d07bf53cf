import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import {
  type ClientFactsFragment,
  type ClientStatus,
  CreateClientOperation,
  UpdateClientOperation,
} from './operations.gen';
import { clientStatuses } from './routes';
import { clientStatusWords, words } from './words';

const texts = ['name', 'companyName', 'contactName', 'email', 'phone', 'address', 'notes'] as const;
const names = [...texts, 'status'];

const labels = {
  name: 'name',
  companyName: 'company',
  contactName: 'contact',
  email: 'email',
  phone: 'phone',
  address: 'address',
  notes: 'notes',
} as const;

type Filled = Record<(typeof texts)[number], string | null> & { status: ClientStatus };

const filledOf = (values: FormData): Filled => ({
  ...(Object.fromEntries(texts.map((name) => [name, textOf(values, name)])) as Record<
    (typeof texts)[number],
    string | null
  >),
  status: (textOf(values, 'status') ?? 'ACTIVE') as ClientStatus,
});

function ClientFields({ client }: { client?: ClientFactsFragment }) {
  const t = useWords(words);
  const statusText = useWords(clientStatusWords);
  return (
    <>
      <TextField name="name" label={t('name')} defaultValue={client?.name ?? ''} isRequired autoFocus maxLength={255} />
      <div className="fields">
        <TextField name="companyName" label={t('company')} defaultValue={client?.companyName ?? ''} maxLength={255} />
        <TextField name="contactName" label={t('contact')} defaultValue={client?.contactName ?? ''} maxLength={255} />
        <TextField name="email" type="email" label={t('email')} defaultValue={client?.email ?? ''} />
        <TextField name="phone" type="tel" label={t('phone')} defaultValue={client?.phone ?? ''} />
      </div>
      <TextField name="address" label={t('address')} defaultValue={client?.address ?? ''} isMultiline rows={2} />
      <Select
        name="status"
        label={t('status')}
        defaultValue={client?.status ?? 'ACTIVE'}
        choices={clientStatuses.map((id) => ({ id, label: statusText(id) }))}
      />
      <TextField name="notes" label={t('notes')} defaultValue={client?.notes ?? ''} isMultiline />
    </>
  );
}

interface NewClientProps {
  isOpen: boolean;
  onClose: () => void;
  onMade: (client: { id: string; name: string }) => void;
}

export function NewClientDialog({ isOpen, onClose, onMade }: NewClientProps) {
  const t = useWords(words);
  const action = useAction(CreateClientOperation, { touches: ['clients'] });
  const close = () => {
    action.reset();
    onClose();
  };
  const submit = async (values: FormData) => {
    const { name, ...filled } = filledOf(values);
    const done = await action.run({ input: { ...filled, name: name ?? '' } });
    const client = done?.createClient?.client;
    if (!client) return;
    tell(t('added', { name: client.name }));
    onMade({ id: String(client.id), name: client.name });
    close();
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t('add')}>
      <Form onSubmit={submit} error={action.error} names={names}>
        <ClientFields />
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

/** The facts of a client as fields, in their place. */
export function ClientEditor({ client, onDone }: { client: ClientFactsFragment; onDone: () => void }) {
  const t = useWords(words);
  const statusText = useWords(clientStatusWords);
  // The version that the fields began with, whatever comes meanwhile.
  const [{ version }] = useState(client);
  const [filled, setFilled] = useState<Filled>();
  const action = useAction(UpdateClientOperation, { touches: ['clients'] });
  const save = async (given: Filled, on: number) => {
    setFilled(given);
    const done = await action.run({ input: { id: client.id, ...given, version: on } });
    if (!done) return;
    tell(t('saved'));
    onDone();
  };
  return (
    <>
      <Form onSubmit={(values) => save(filledOf(values), version)} error={action.error} names={names}>
        <ClientFields client={client} />
        <div className="row">
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('save')}
          </Button>
          <Button onPress={onDone}>{t('cancel')}</Button>
        </div>
      </Form>
      <StaleSave
        error={action.error}
        topics={['clients']}
        fields={
          filled
            ? [
                ...texts.map((name) => ({
                  name: t(labels[name]),
                  mine: filled[name] ?? '',
                  theirs: client[name] ?? '',
                })),
                { name: t('status'), mine: statusText(filled.status), theirs: statusText(client.status) },
              ]
            : []
        }
        onKeepMine={() => filled && save(filled, client.version)}
        onTakeTheirs={onDone}
      />
    </>
  );
}
