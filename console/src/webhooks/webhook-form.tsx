import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { NumberField } from '../ui/number-field';
import { tell } from '../ui/toast';
import {
  CreateEndpointOperation,
  type EndpointFactsFragment,
  UpdateEndpointOperation,
  type WebhookFormat,
} from './operations.gen';
import { words } from './words';

interface WebhookFormProps {
  /** Absent: a new one. */
  endpoint?: EndpointFactsFragment;
  onClose: () => void;
  /** With the secret of a new one. */
  onDone: (id: string, secret?: string | null) => void;
}

const names = [
  'name',
  'description',
  'url',
  'events',
  'payloadQuery',
  'resourceIds',
  'timeoutSeconds',
  'maxAttempts',
  'maxPerMinute',
];
const linesOf = (text: string | null): string[] => (text ?? '').split(/[\s,]+/).filter(Boolean);

export function WebhookForm({ endpoint, onClose, onDone }: WebhookFormProps) {
  const t = useWords(words);
  const [format, setFormat] = useState<WebhookFormat>(endpoint?.format ?? 'LOG');
  const create = useAction(CreateEndpointOperation, {
    touches: ['webhooks'],
    onDone: ({ createWebhookEndpoint: made }) => made && onDone(made.webhookEndpoint.id, made.secret),
  });
  const update = useAction(UpdateEndpointOperation, {
    touches: ['webhooks'],
    onDone: () => {
      tell(t('saved'));
      onDone(endpoint?.id ?? '');
    },
  });
  const action = endpoint ? update : create;
  const submit = (values: FormData) => {
    const input = {
      name: textOf(values, 'name') ?? '',
      description: textOf(values, 'description') ?? '',
      url: textOf(values, 'url') ?? '',
      events: linesOf(textOf(values, 'events')),
      resourceIds: linesOf(textOf(values, 'resourceIds')),
      format,
      timeoutSeconds: numberOf(values, 'timeoutSeconds'),
      maxAttempts: numberOf(values, 'maxAttempts'),
      maxPerMinute: numberOf(values, 'maxPerMinute'),
      ...(format === 'QUERY' && { payloadQuery: textOf(values, 'payloadQuery') }),
    };
    return endpoint ? update.run({ input: { id: endpoint.id, ...input } }) : create.run({ input });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={endpoint ? t('editTitle', { name: endpoint.name }) : t('create')}
      size="large"
    >
      <Form onSubmit={submit} error={action.error} names={names}>
        <div className="fields">
          <TextField
            name="name"
            label={t('name')}
            defaultValue={endpoint?.name ?? ''}
            maxLength={100}
            isRequired
            autoFocus
          />
          <TextField
            name="url"
            label={t('url')}
            description={t('urlHint')}
            type="url"
            defaultValue={endpoint?.url ?? ''}
            isRequired
          />
        </div>
        <TextField
          name="description"
          label={t('description')}
          defaultValue={endpoint?.description ?? ''}
          maxLength={1000}
        />
        <TextField
          name="events"
          label={t('events')}
          description={t('eventsHint')}
          defaultValue={endpoint?.events.join('\n') ?? 'document.*'}
          isMultiline
          isRequired
        />
        <div className="fields">
          <Select
            label={t('format')}
            value={format}
            onChange={(chosen) => setFormat((chosen ?? 'LOG') as WebhookFormat)}
            choices={(['LOG', 'DOCUMENTED', 'QUERY'] as const).map((id) => ({
              id,
              label: t(`format${id}`),
              description: t(`formatText${id}`),
            }))}
          />
          <TextField
            name="resourceIds"
            label={t('resourceIds')}
            description={t('resourceIdsHint')}
            defaultValue={endpoint?.resourceIds.join(' ') ?? ''}
          />
        </div>
        {format === 'QUERY' && (
          <TextField
            name="payloadQuery"
            label={t('payloadQuery')}
            description={t('payloadQueryHint')}
            defaultValue={endpoint?.payloadQuery ?? 'query ($id: ID!) {\n  \n}'}
            isMultiline
            rows={6}
            isRequired
          />
        )}
        <div className="fields">
          <NumberField
            name="timeoutSeconds"
            label={t('timeoutSeconds')}
            defaultValue={endpoint?.timeoutSeconds ?? 10}
            minValue={1}
            maxValue={30}
          />
          <NumberField
            name="maxAttempts"
            label={t('maxAttempts')}
            description={t('usual')}
            {...(endpoint?.maxAttempts != null && { defaultValue: endpoint.maxAttempts })}
            minValue={1}
            maxValue={20}
          />
          <NumberField
            name="maxPerMinute"
            label={t('maxPerMinute')}
            description={t('unlimited')}
            {...(endpoint?.maxPerMinute != null && { defaultValue: endpoint.maxPerMinute })}
            minValue={1}
            maxValue={6000}
          />
        </div>
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
