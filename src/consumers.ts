import type { Services } from './domain/context.js';
import type { EventConsumer } from './events/consumer.js';

/** Everything that follows the event log and writes. */
export const consumers = (_services: Services): readonly EventConsumer[] => [];
