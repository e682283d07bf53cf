import { CircleCheck } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { DecideDialog, type Decision } from './decide-dialog';
import { OneDecision } from './one-decision';
import { WaitingDecisionsOperation, type WaitingFragment } from './operations.gen';
import { words } from './words';
import styles from './waiting-tab.module.css';

interface WaitingTabProps {
  /** The document that is shown; undefined: the most urgent one. */
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

const decisionKeys: Readonly<Record<string, Decision>> = { a: 'approve', r: 'reject', c: 'comment' };

/** Where keys are text. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null;

/** What waits for the viewer, the most urgent first, with the document beside. */
export function WaitingTab({ chosen, onChoose }: WaitingTabProps) {
  const t = useWords(words);
  const [decision, setDecision] = useState<Decision>();
  const list = useGraphList(
    WaitingDecisionsOperation,
    {},
    { topics: ['approvals', 'documents'], connectionOf: ({ pendingApprovals }) => pendingApprovals! },
  );
  const { nodes } = list;
  const place = Math.max(
    nodes.findIndex(({ id }) => id === chosen),
    0,
  );
  const shown = nodes[place];
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!shown || decision || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = decisionKeys[event.key];
    if (wanted && (wanted === 'comment' || shown.canDecide.allowed)) {
      event.preventDefault();
      return setDecision(wanted);
    }
    const next = nodes[place + ({ j: 1, k: -1 }[event.key] ?? 0)];
    if (next && next !== shown) onChoose(next.id);
  });
  useEffect(() => {
    const ending = new AbortController();
    addEventListener('keydown', onKey, { signal: ending.signal });
    return () => ending.abort();
  }, []);
  return (
    <Answer of={list}>
      {() =>
        shown === undefined ? (
          <Card>
            <EmptyState icon={<CircleCheck size={32} aria-hidden />} title={t('none')} text={t('noneText')} />
          </Card>
        ) : (
          <div className={styles.columns}>
            <div className="stack">
              <Card isFlush>
                <ListBox
                  aria-label={t('waitingList')}
                  className={styles.list ?? ''}
                  items={nodes}
                  selectionMode="single"
                  selectionBehavior="replace"
                  disallowEmptySelection
                  selectedKeys={[shown.id]}
                  onSelectionChange={(keys) => keys !== 'all' && onChoose(String([...keys][0] ?? shown.id))}
                >
                  {(approval) => <WaitingItem approval={approval} />}
                </ListBox>
                <More list={list} />
              </Card>
              <KeyHints />
            </div>
            <OneDecision key={shown.id} approval={shown} onDecide={setDecision} />
            <DecideDialog
              decision={decision}
              approval={shown}
              onEnd={(isDone) => {
                setDecision(undefined);
                // The next one takes its place; after the last one, the one before.
                if (isDone) onChoose((nodes[place + 1] ?? nodes[place - 1])?.id);
              }}
            />
          </div>
        )
      }
    </Answer>
  );
}

function WaitingItem({ approval }: { approval: WaitingFragment }) {
  const format = useFormat();
  const { id, document, amount, currency } = approval;
  return (
    <ListBoxItem id={id} textValue={document?.title ?? id} className={styles.item ?? ''}>
      <span className={styles.name}>{document?.title}</span>
      <span className={styles.below}>
        <span>{[document?.correspondent?.name, format.money(amount, currency)].filter(Boolean).join(' · ')}</span>
        <DueBadge days={approval.daysUntilDeadline} />
      </span>
    </ListBoxItem>
  );
}

export function DueBadge({ days }: { days: number | null | undefined }) {
  const t = useWords(words);
  if (days == null) return null;
  if (days < 0) return <Badge tone="bad">{t('overdue', { count: -days })}</Badge>;
  return <Badge tone={days < 2 ? 'warn' : 'plain'}>{days === 0 ? t('today') : t('dueIn', { count: days })}</Badge>;
}

function KeyHints() {
  const t = useWords(words);
  const hints = [
    [['j', 'k'], 'keyMove'],
    [['a'], 'keyApprove'],
    [['r'], 'keyReject'],
    [['c'], 'keyComment'],
  ] as const;
  return (
    <p className={styles.keys}>
      <span className="visually-hidden">{t('keys')}</span>
      {hints.map(([keys, says]) => (
        <span key={says}>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}{' '}
          {t(says)}
        </span>
      ))}
    </p>
  );
}
