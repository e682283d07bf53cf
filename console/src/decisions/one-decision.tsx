import { Check, MessageSquare, X } from 'lucide-react';
import { PageViewer } from '../documents/page-viewer';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Card, Facts } from '../ui/page';
import type { Decision } from './decide-dialog';
import { DecisionRight } from './decision-right';
import { DecisionHistoryOperation, type WaitingFragment } from './operations.gen';
import { DueBadge } from './waiting-tab';
import { words } from './words';
import styles from './waiting-tab.module.css';

interface OneDecisionProps {
  approval: WaitingFragment;
  onDecide: (decision: Decision) => void;
}

/** One document with what is needed to decide on it. */
export function OneDecision({ approval, onDecide }: OneDecisionProps) {
  const t = useWords(words);
  const format = useFormat();
  const viewer = useViewer();
  const { document, canDecide, validators } = approval;
  if (!document) return null;
  return (
    <div className={styles.one}>
      <div className="stack">
        <Card title={document.title}>
          <DecisionRight right={canDecide} />
          <span className="row">
            {canDecide.allowed && (
              <>
                <Button kind="primary" onPress={() => onDecide('approve')} aria-keyshortcuts="a">
                  <Check size={18} aria-hidden />
                  {t('approve')}
                </Button>
                <Button kind="danger" onPress={() => onDecide('reject')} aria-keyshortcuts="r">
                  <X size={18} aria-hidden />
                  {t('reject')}
                </Button>
              </>
            )}
            <Button onPress={() => onDecide('comment')} aria-keyshortcuts="c">
              <MessageSquare size={18} aria-hidden />
              {t('comment')}
            </Button>
            <LinkButton kind="quiet" to="/documents/$id" params={{ id: document.id }}>
              {t('openDocument')}
            </LinkButton>
          </span>
          <Facts
            facts={[
              [t('amount'), format.money(approval.amount, approval.currency)],
              [
                t('deadline'),
                approval.deadline && (
                  <span className="row">
                    {format.dateTime(approval.deadline)} <DueBadge days={approval.daysUntilDeadline} />
                  </span>
                ),
              ],
              [t('type'), document.type?.label],
              [t('correspondent'), document.correspondent?.name],
              [t('submittedBy'), approval.submittedBy?.fullName],
              [t('submittedAt'), format.relative(approval.submittedAt)],
              [
                t('others'),
                format.list(validators.filter(({ id }) => id !== viewer.id).map(({ fullName }) => fullName)),
              ],
            ]}
          />
        </Card>
        <DecisionHistory id={document.id} />
      </div>
      <PageViewer document={document} />
    </div>
  );
}

function DecisionHistory({ id }: { id: string }) {
  const t = useWords(words);
  const format = useFormat();
  const { data } = useGraph(DecisionHistoryOperation, { id }, { topics: ['approvals', 'documents'] });
  const steps = data?.document?.approval?.history.nodes ?? [];
  if (steps.length === 0) return null;
  return (
    <Card title={t('history')}>
      <ol className={styles.history}>
        {steps.map((step) => (
          <li key={step.id}>
            <strong>{step.performedBy?.fullName ?? step.performedByUsername ?? t('bySystem')}</strong> {t(step.action)}{' '}
            <time className="quiet" dateTime={step.createdAt}>
              {format.relative(step.createdAt)}
            </time>
            {step.comment && <p>{step.comment}</p>}
          </li>
        ))}
      </ol>
    </Card>
  );
}
