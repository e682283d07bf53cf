import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { LinkButton } from '../ui/button';
import { Card, EmptyState } from '../ui/page';
import type { NamedDecisionQuery } from './operations.gen';
import { words } from './words';

/** In the place of a decision that a link named and that nobody waits for any more: what came of it. */
export function NoLongerWaits({ document }: { document: NamedDecisionQuery['document'] }) {
  const t = useWords(words);
  const format = useFormat();
  const card = useRef<HTMLDivElement>(null);
  // On a phone it stands below the list.
  useEffect(() => card.current?.scrollIntoView({ block: 'nearest' }), []);
  const { title = '', approval } = document ?? {};
  const what = {
    name: title,
    who: approval?.decidedBy?.fullName ?? approval?.decidedByUsername ?? t('somebody'),
    when: format.dateTime(approval?.decidedAt),
  };
  const isDecided = approval?.status === 'APPROVED' || approval?.status === 'REJECTED';
  return (
    <Card>
      <div role="status" ref={card}>
        <EmptyState
          icon={<CircleCheck size={32} aria-hidden />}
          title={document ? t('waitsNoLonger', { name: title }) : t('notSeen')}
          {...(isDecided && { text: t(approval.status === 'APPROVED' ? 'wasApproved' : 'wasRejected', what) })}
          action={
            document && (
              <LinkButton to="/documents/$id" params={{ id: document.id }}>
                {t('openDocument')}
              </LinkButton>
            )
          }
        />
      </div>
    </Card>
  );
}
