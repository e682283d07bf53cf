import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Notice } from '../ui/notice';
import { tell } from '../ui/toast';
import type { IntegrationFound } from './integrations-page';
import {
  type ConfigurationFieldType,
  CreateIntegrationOperation,
  type IntegrationKind,
  IntegrationKindsOperation,
  UpdateIntegrationOperation,
} from './operations.gen';
import { words } from './words';

/** What the server asks of some program, that has words of ours; another one is shown as the server calls it. */
const settings = [
  'webhook_url',
  'api_key',
  'auth_type',
  'headers',
  'secret',
  'evenements',
  'instance_url',
  'client_id',
  'client_secret',
  'username',
  'password',
  'portal_id',
  'list_id',
  'broker_url',
  'port',
  'topic',
] as const;

/** What was typed, as the server takes a field of this type; undefined for nothing. Throws for what is no JSON. */
function valueOf(text: string | null, type: ConfigurationFieldType): unknown {
  if (text === null) return undefined;
  if (type === 'NUMBER') return Number(text);
  if (type === 'LIST') return text.split(/[\s,]+/).filter(Boolean);
  if (type === 'HEADERS') return JSON.parse(text);
  return text;
}

const shownOf = (value: unknown, type: ConfigurationFieldType): string => {
  if (value === undefined || value === null) return '';
  if (type === 'LIST') return (value as string[]).join(' ');
  if (type === 'HEADERS') return JSON.stringify(value, null, 2);
  return String(value);
};

/** The fields of its kind; secrets come masked, and what stays masked is kept. */
export function IntegrationForm({ integration, onClose }: { integration?: IntegrationFound; onClose: () => void }) {
  const t = useWords(words);
  const [kind, setKind] = useState<IntegrationKind>(integration?.kind ?? 'CUSTOM');
  const [problem, setProblem] = useState<string>();
  const kinds = useGraph(IntegrationKindsOperation, {}, { topics: ['webhooks'] });
  const done = {
    touches: ['webhooks'] as const,
    onDone: () => {
      tell(t('saved'));
      onClose();
    },
  };
  const create = useAction(CreateIntegrationOperation, done);
  const update = useAction(UpdateIntegrationOperation, done);
  const action = integration ? update : create;
  const info = kinds.data?.integrationKinds?.find((each) => each.kind === kind);
  const fields = info?.configurationFields ?? [];
  const labelOf = (name: string): string => {
    const known = settings.find((each) => each === name);
    return known ? t(`setting_${known}`) : name;
  };
  const kept = (integration?.configuration ?? {}) as Record<string, unknown>;
  const submit = (values: FormData) => {
    setProblem(undefined);
    try {
      const configuration = {
        ...kept,
        ...Object.fromEntries(
          fields.map(({ name, type }) => [name, valueOf(textOf(values, `configuration.${name}`), type)]),
        ),
      };
      const input = {
        name: textOf(values, 'name') ?? '',
        description: textOf(values, 'description') ?? '',
        configuration,
      };
      return integration
        ? update.run({ input: { ...input, id: integration.id } })
        : create.run({ input: { ...input, kind } });
    } catch {
      setProblem(t('noJson'));
      return undefined;
    }
  };
  return (
    <Dialog isOpen onClose={onClose} title={integration ? t('editTitle', { name: integration.name }) : t('create')}>
      <Form
        onSubmit={submit}
        error={action.error}
        problem={problem}
        names={['name', 'description', ...fields.map(({ name }) => `configuration.${name}`)]}
      >
        {!integration && (
          <Select
            label={t('kind')}
            value={kind}
            onChange={(chosen) => setKind((chosen ?? 'CUSTOM') as IntegrationKind)}
            choices={(kinds.data?.integrationKinds ?? []).map((each) => ({
              id: each.kind,
              label: t(`kind${each.kind}`),
            }))}
          />
        )}
        {info?.isAvailable === false && <Notice tone="warn">{t('onlyKept')}</Notice>}
        <TextField name="name" label={t('name')} defaultValue={integration?.name ?? ''} maxLength={100} isRequired />
        <TextField name="description" label={t('description')} defaultValue={integration?.description ?? ''} />
        {fields.map(({ name, type, isRequired }) => (
          <TextField
            key={`${kind}-${name}`}
            name={`configuration.${name}`}
            label={labelOf(name)}
            description={/events|evenements/i.test(name) ? info?.supportedEvents.join(', ') : undefined}
            type={type === 'SECRET' ? 'password' : type === 'URL' ? 'url' : 'text'}
            autoComplete="off"
            isMultiline={type === 'HEADERS'}
            isRequired={isRequired}
            defaultValue={shownOf(kept[name], type)}
          />
        ))}
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={action.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
