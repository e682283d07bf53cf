import { invalidate, type Topic, useLive } from '../graph/use-graph';
import { useMay } from '../session/session';
import { mention } from '../ui/toast';
import {
  LiveAlertsOperation,
  LiveAppointmentsOperation,
  LiveDocumentsOperation,
  LiveImportsOperation,
  LiveIngestsOperation,
  LiveInterventionsOperation,
  LiveInvoicesOperation,
  LiveNotificationsOperation,
  LivePluginsOperation,
  LiveReportsOperation,
  LiveTasksOperation,
  LiveTransactionsOperation,
} from './operations.gen';

/** Events that come close together have what is shown asked again once. */
const gatherMs = 300;
const waiting = new Set<Topic>();
let timer: ReturnType<typeof setTimeout> | undefined;

const stale =
  (...topics: readonly Topic[]) =>
  (): void => {
    for (const topic of topics) waiting.add(topic);
    timer ??= setTimeout(() => {
      timer = undefined;
      const gathered = [...waiting];
      waiting.clear();
      void invalidate(...gathered);
    }, gatherMs);
  };

/** Keeps every page up to date: what happens elsewhere has what is shown of it asked again. */
export function Live() {
  const may = useMay();
  useLive(LiveDocumentsOperation, {}, { onEvent: stale('documents', 'approvals') });
  useLive(LiveIngestsOperation, {}, { onEvent: stale('ingests') });
  useLive(LiveInvoicesOperation, {}, { onEvent: stale('invoices') });
  useLive(LiveTransactionsOperation, {}, { onEvent: stale('banking') });
  useLive(LiveImportsOperation, {}, { onEvent: stale('banking') });
  useLive(
    LiveInterventionsOperation,
    {},
    {
      onEvent: stale('interventions', 'media'),
      enabled: may('interventions:read'),
    },
  );
  useLive(LiveAppointmentsOperation, {}, { onEvent: stale('appointments'), enabled: may('appointments:read') });
  useLive(LiveReportsOperation, {}, { onEvent: stale('reports'), enabled: may('reports:read') });
  useLive(LiveAlertsOperation, {}, { onEvent: stale('alerts'), enabled: may('monitoring:read') });
  useLive(LiveTasksOperation, {}, { onEvent: stale('tasks'), enabled: may('tasks:read') });
  useLive(LivePluginsOperation, {}, { onEvent: stale('plugins'), enabled: may('plugins:read') });
  useLive(
    LiveNotificationsOperation,
    {},
    {
      onEvent: ({ notifications: { notification } }) => {
        stale('notifications')();
        if (notification && !notification.isRead) mention(notification.title);
      },
    },
  );
  return null;
}
