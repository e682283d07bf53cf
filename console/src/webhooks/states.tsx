import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import type { WebhookDeliveryStatus, WebhookEndpointStatus } from './operations.gen';
import { words } from './words';

const tones = { ACTIVE: 'good', PAUSED: 'warn', INACTIVE: 'plain' } as const;
const deliveryTones = { PENDING: 'info', DELIVERED: 'good', FAILED: 'bad' } as const;

export function EndpointState({ status }: { status: WebhookEndpointStatus }) {
  const t = useWords(words);
  return <Badge tone={tones[status]}>{t(`status${status}`)}</Badge>;
}

export function DeliveryState({ status }: { status: WebhookDeliveryStatus }) {
  const t = useWords(words);
  return <Badge tone={deliveryTones[status]}>{t(`delivery${status}`)}</Badge>;
}
