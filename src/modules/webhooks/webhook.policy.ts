import { ownRows, type Predicate, rowsOfParent } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';

/** One's own, for administrators too: what is sent is what the owner may see. */
export const visibleWebhookEndpoints = (viewer: Viewer): Predicate => ownRows(viewer, 'owner_id');

export const visibleWebhookDeliveries = (viewer: Viewer): Predicate =>
  rowsOfParent('webhook_endpoints', 'endpoint_id', visibleWebhookEndpoints(viewer));
