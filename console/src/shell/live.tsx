import { hear, type Topic } from '../graph/freshness';
import { useLive } from '../graph/use-graph';
import { useMay } from '../session/session';
import { mention } from '../ui/toast';
import { notificationWords } from './notification-words';
import {
  type EventType,
  LiveAlertsOperation,
  LiveAppointmentsOperation,
  LiveChangesOperation,
  LiveClientsOperation,
  LiveContractsOperation,
  LiveDocumentsOperation,
  LiveFilingOperation,
  LiveImportsOperation,
  LiveIngestsOperation,
  LiveInterventionsOperation,
  LiveInvoicesOperation,
  LiveMediaOperation,
  LiveNotificationsOperation,
  LiveViewerOperation,
  LivePluginsOperation,
  LiveReportsOperation,
  LiveReportTemplatesOperation,
  LiveTasksOperation,
  LiveTransactionsOperation,
} from './operations.gen';

/** What a subscription of this page delivers: one field, with the event. */
type Delivered = Record<string, { requestId?: string | null }>;

const stale =
  (...topics: readonly Topic[]) =>
  (data: object): void => {
    for (const event of Object.values(data as Delivered)) hear(event, ...topics);
  };

/** What only the whole log tells of, by the topic that it is about. */
const changes = {
  people: [
    'USER_ACTIVATED',
    'USER_DEACTIVATED',
    'USER_ERASED',
    'USER_LOGIN',
    'USER_LOGIN_FAILED',
    'USER_REGISTERED',
    'USER_ROLES_CHANGED',
    'USER_UNLOCKED',
    'USER_UPDATED',
    'ROLE_CREATED',
    'ROLE_DELETED',
    'ROLE_PERMISSIONS_CHANGED',
    'ROLE_UPDATED',
    'PERMISSION_CREATED',
    'PERMISSION_DELETED',
    'PERMISSION_UPDATED',
    'SESSION_REVOKED',
    'SECOND_FACTOR_DISABLED',
    'SECOND_FACTOR_ENABLED',
  ],
  webhooks: [
    'INTEGRATION_CREATED',
    'INTEGRATION_DELETED',
    'INTEGRATION_SYNCED',
    'INTEGRATION_UPDATED',
    'WEBHOOK_CREATED',
    'WEBHOOK_DELETED',
    'WEBHOOK_DISABLED',
    'WEBHOOK_PAUSED',
    'WEBHOOK_REPLAY_FINISHED',
    'WEBHOOK_RESUMED',
    'WEBHOOK_SECRET_ROTATED',
    'WEBHOOK_UPDATED',
  ],
} as const satisfies Partial<Record<Topic, EventType[]>>;
/** What goes into the trash, and comes back, with a client or an intervention: no event tells of each. */
const hanging = ['interventions', 'appointments', 'media', 'reports'] as const satisfies Topic[];
const goesAlong = ['CLIENT_DELETED', 'CLIENT_RESTORED'] as const;
const changeTypes = Object.values(changes).flat();

/** Keeps every page up to date: what happens elsewhere has what is shown of it asked again. */
export function Live() {
  const may = useMay();
  useLive(LiveViewerOperation, {}, { onEvent: stale('self') });
  useLive(LiveDocumentsOperation, {}, { onEvent: stale('documents', 'approvals') });
  // What is shown of a document names what it is filed by.
  useLive(LiveFilingOperation, {}, { onEvent: stale('filing', 'documents') });
  useLive(LiveIngestsOperation, {}, { onEvent: stale('ingests') });
  useLive(LiveInvoicesOperation, {}, { onEvent: stale('invoices') });
  useLive(LiveTransactionsOperation, {}, { onEvent: stale('banking') });
  useLive(LiveImportsOperation, {}, { onEvent: stale('banking') });
  useLive(
    LiveClientsOperation,
    {},
    {
      onEvent: ({ clientEvents }) =>
        hear(clientEvents, 'clients', ...(goesAlong.some((type) => type === clientEvents.type) ? hanging : [])),
      enabled: may('clients:read'),
    },
  );
  useLive(
    LiveInterventionsOperation,
    {},
    {
      onEvent: ({ interventionEvents }) =>
        hear(
          interventionEvents,
          'interventions',
          ...(interventionEvents.type === 'INTERVENTION_DELETED' ? hanging : []),
        ),
      enabled: may('interventions:read'),
    },
  );
  useLive(LiveContractsOperation, {}, { onEvent: stale('interventions'), enabled: may('interventions:read') });
  useLive(LiveMediaOperation, {}, { onEvent: stale('media'), enabled: may('media:read') });
  useLive(LiveAppointmentsOperation, {}, { onEvent: stale('appointments'), enabled: may('appointments:read') });
  useLive(LiveReportsOperation, {}, { onEvent: stale('reports'), enabled: may('reports:read') });
  useLive(LiveReportTemplatesOperation, {}, { onEvent: stale('reports'), enabled: may('reports:read') });
  useLive(LiveAlertsOperation, {}, { onEvent: stale('alerts'), enabled: may('monitoring:read') });
  useLive(LiveTasksOperation, {}, { onEvent: stale('tasks'), enabled: may('tasks:read') });
  useLive(
    LiveChangesOperation,
    { types: changeTypes },
    {
      onEvent: ({ auditEvents }) =>
        hear(auditEvents, changes.people.some((each) => each === auditEvents.type) ? 'people' : 'webhooks'),
      enabled: may('events:read'),
    },
  );
  useLive(LivePluginsOperation, {}, { onEvent: stale('plugins'), enabled: may('plugins:read') });
  useLive(
    LiveNotificationsOperation,
    {},
    {
      onEvent: ({ notifications }) => {
        hear(notifications, 'notifications');
        const { notification } = notifications;
        if (!notification || notification.isRead) return;
        const { title, lang } = notificationWords(notification);
        mention(title, lang);
      },
    },
  );
  return null;
}
