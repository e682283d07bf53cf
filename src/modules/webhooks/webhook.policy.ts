import { noRow, ownRows, type Predicate, rowsOfParent } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';

/**
 * One's own, for administrators too: what is sent is what the owner may see. Not what belongs to something else, which
 * shows it in its own words.
 */
export const visibleWebhookEndpoints = (viewer: Viewer): Predicate => {
  const own = ownRows(viewer, 'owner_id');
  return own === noRow ? noRow : (alias, bind) => `${own(alias, bind)} and not ${alias}.is_managed`;
};

/** Deliveries and replays: those of one's own webhooks. */
export const visibleOfWebhook = (viewer: Viewer): Predicate =>
  rowsOfParent('webhook_endpoints', 'endpoint_id', visibleWebhookEndpoints(viewer));
