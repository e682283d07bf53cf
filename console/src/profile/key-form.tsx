import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { NumberField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { dayHere, endOfDay } from './end-of-day';
import { CreateApiKeyOperation, type KeyFactsFragment, UpdateApiKeyOperation } from './operations.gen';
import { ScopeChoice, scopesOf } from './scopes';
import { words } from './words';

interface KeyFormProps {
  /** Absent: a new one. */
  apiKey?: KeyFactsFragment;
  onClose: () => void;
  /** With the secret of a new one. */
  onDone: (secret?: string) => void;
}

const limits = [
  ['limitPerMinute', 10_000, 100],
  ['limitPerDay', 1_000_000, 10_000],
  ['limitPerMonth', 10_000_000, 300_000],
] as const;
const names = ['name', 'description', 'scopes', 'expiresAt', ...limits.map(([name]) => name)];

export function KeyForm({ apiKey, onClose, onDone }: KeyFormProps) {
  const t = useWords(words);
  const create = useAction(CreateApiKeyOperation, {
    touches: ['self'],
    onDone: ({ createApiKey }) => onDone(createApiKey?.secret),
  });
  const update = useAction(UpdateApiKeyOperation, {
    touches: ['self'],
    onDone: () => {
      tell(t('saved'));
      onDone();
    },
  });
  const action = apiKey ? update : create;
  const submit = (values: FormData) => {
    const input = {
      name: textOf(values, 'name') ?? '',
      description: textOf(values, 'description') ?? '',
      scopes: scopesOf(values),
      expiresAt: endOfDay(textOf(values, 'expiresAt')),
      ...Object.fromEntries(limits.map(([name]) => [name, numberOf(values, name)])),
    };
    return apiKey ? update.run({ input: { ...input, id: apiKey.id } }) : create.run({ input });
  };
  return (
    <Dialog isOpen onClose={onClose} title={apiKey ? t('editKey', { name: apiKey.name }) : t('makeKey')}>
      <Form onSubmit={submit} error={action.error} names={names}>
        <TextField
          name="name"
          label={t('name')}
          defaultValue={apiKey?.name ?? ''}
          maxLength={100}
          isRequired
          autoFocus
        />
        <TextField
          name="description"
          label={t('description')}
          defaultValue={apiKey?.description ?? ''}
          isMultiline
          rows={2}
          maxLength={1000}
        />
        <ScopeChoice chosen={apiKey?.scopes ?? ['READ']} />
        <div className="fields">
          {limits.map(([name, most, usual]) => (
            <NumberField
              key={name}
              name={name}
              label={t(name)}
              defaultValue={apiKey?.[name] ?? usual}
              minValue={1}
              maxValue={most}
              isRequired
            />
          ))}
          <DateField
            name="expiresAt"
            label={t('expiresAt')}
            description={t('expiresAtHint')}
            defaultValue={dayHere(apiKey?.expiresAt)}
          />
        </div>
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={action.isRunning}>
            {apiKey ? t('save') : t('make')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
