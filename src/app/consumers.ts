import type { EventConsumer } from '../events/consumer.js';
import type { Services } from '../kernel/context.js';
import { notificationConsumer } from '../modules/notifications/notify-people.js';

/** Everything that follows the event log and writes. */
export const consumers = (services: Services): readonly EventConsumer[] => [notificationConsumer(services)];
