import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { Badge } from '../ui/notice';
import { WaitingCountOperation } from './operations.gen';

/** How many decisions wait for the viewer; nothing for none. */
export function WaitingCount() {
  const format = useFormat();
  const { data } = useGraph(WaitingCountOperation, {}, { topics: ['approvals'] });
  const count = data?.pendingApprovals?.totalCount ?? 0;
  return count > 0 ? <Badge tone="warn">{format.number(count)}</Badge> : null;
}
