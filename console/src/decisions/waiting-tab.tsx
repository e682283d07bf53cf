import { CircleCheck } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { ListBox, ListBoxItem, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { DecideDialog, type Decision } from './decide-dialog';
import { useRightText } from './decision-right';
import { NoLongerWaits } from './no-longer-waits';
import { OneDecision } from './one-decision';
import { NamedDecisionOperation, WaitingDecisionsOperation, type WaitingFragment } from './operations.gen';
import { words } from './words';
import styles from './waiting-tab.module.css';
import '../interventions/views.css';

interface WaitingTabProps {
  /** The document that is shown; undefined: the most urgent one. */
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
  /** True: also what is not the viewer's to decide. */
  ofAll: boolean;
  onShow: (isAll: boolean) => void;
}

const views = ['mine', 'all'] as const;

const decisionKeys: Readonly<Record<string, Decision>> = { a: 'approve', r: 'reject', c: 'comment' };

/** Where keys are text. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null;

/** What waits for the viewer or for anybody, the most urgent first, with the document beside. */
export function WaitingTab({ chosen, onChoose, ofAll, onShow }: WaitingTabProps) {
  const t = useWords(words);
  const [begun, setBegun] = useState<{ decision: Decision; id: string }>();
  const list = useGraphList(
    WaitingDecisionsOperation,
    { ofAll },
    { topics: ['approvals', 'documents'], connectionOf: ({ pendingApprovals }) => pendingApprovals! },
  );
  const { nodes } = list;
  const place = chosen === undefined ? 0 : nodes.findIndex(({ id }) => id === chosen);
  // Whoever follows a link to what is not in the list must not get to decide on another document instead.
  const isElsewhere = place < 0 && !list.isPending;
  const named = useGraph(
    NamedDecisionOperation,
    { id: chosen ?? '' },
    { topics: ['approvals', 'documents'], enabled: isElsewhere },
  );
  const namedDocument = named.isPlaceholderData ? undefined : named.data?.document;
  const shown = isElsewhere
    ? namedDocument?.approval?.status === 'PENDING'
      ? namedDocument.approval
      : undefined
    : nodes[place];
  const shownId = shown?.id;
  // Another document may take its place meanwhile.
  const decision = begun?.id === shownId ? begun?.decision : undefined;
  const decide = (next: Decision) => shownId !== undefined && setBegun({ decision: next, id: shownId });
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!shown || decision || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = decisionKeys[event.key];
    const step = { j: 1, k: -1 }[event.key];
    if (!wanted && !step) return;
    // To the list letters are the beginning of a name.
    event.stopPropagation();
    if (wanted && (wanted === 'comment' || shown.canDecide.allowed)) {
      event.preventDefault();
      decide(wanted);
      return;
    }
    const next = step && nodes[place + step];
    if (next) onChoose(next.id);
  });
  useEffect(() => {
    const ending = new AbortController();
    addEventListener('keydown', onKey, { signal: ending.signal, capture: true });
    return () => ending.abort();
  }, []);
  const listBox = useRef<HTMLDivElement>(null);
  // Whoever came by a link to one goes on from there.
  const [cameToOne] = useState(chosen !== undefined);
  useEffect(() => {
    listBox.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [shownId]);
  return (
    <div className="stack">
      <span className="row">
        <ToggleButtonGroup
          aria-label={t('whose')}
          className="view-choice"
          selectedKeys={[ofAll ? 'all' : 'mine']}
          disallowEmptySelection
          onSelectionChange={(keys) => onShow(keys.has('all'))}
        >
          {views.map((id) => (
            <ToggleButton key={id} id={id} className="view-button">
              {t(id)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </span>
      <Answer of={list}>
        {() =>
          shown === undefined && !isElsewhere ? (
            <Card>
              <EmptyState
                icon={<CircleCheck size={32} aria-hidden />}
                title={t(ofAll ? 'noneOfAll' : 'none')}
                text={t('noneText')}
              />
            </Card>
          ) : (
            <div className={styles.columns}>
              <div className="stack">
                <Card isFlush>
                  <ListBox
                    ref={listBox}
                    autoFocus={cameToOne && place >= 0}
                    aria-label={t('waitingList')}
                    className={styles.list ?? ''}
                    items={nodes}
                    selectionMode="single"
                    selectionBehavior="replace"
                    disallowEmptySelection
                    selectedKeys={place < 0 ? [] : [nodes[place]!.id]}
                    onSelectionChange={(keys) => keys !== 'all' && onChoose([...keys].map(String)[0] ?? chosen)}
                    renderEmptyState={() => <EmptyState title={t(ofAll ? 'noneOfAll' : 'none')} />}
                  >
                    {(approval) => <WaitingItem approval={approval} />}
                  </ListBox>
                  <More list={list} />
                </Card>
                <KeyHints />
              </div>
              {shown ? (
                <>
                  <OneDecision key={shown.id} approval={shown} onDecide={decide} />
                  <DecideDialog
                    decision={decision}
                    approval={shown}
                    onEnd={(isDone) => {
                      setBegun(undefined);
                      // The next one takes its place; after the last one, the one before.
                      if (isDone) onChoose((nodes[place + 1] ?? nodes[place - 1])?.id);
                    }}
                  />
                </>
              ) : (
                <Answer of={{ ...named, data: named.isPlaceholderData ? undefined : named.data }}>
                  {({ document }) => <NoLongerWaits document={document} />}
                </Answer>
              )}
            </div>
          )
        }
      </Answer>
    </div>
  );
}

function WaitingItem({ approval }: { approval: WaitingFragment }) {
  const format = useFormat();
  const rightText = useRightText();
  const { id, document, amount, currency } = approval;
  return (
    <ListBoxItem id={id} textValue={document?.title ?? id} className={styles.item ?? ''}>
      <span className={styles.name}>{document?.title}</span>
      <span className={styles.below}>
        <span>{[document?.correspondent?.name, format.money(amount, currency)].filter(Boolean).join(' · ')}</span>
        <DueBadge days={approval.daysUntilDeadline} />
      </span>
      {!approval.canDecide.allowed && <span className={styles.below}>{rightText(approval.canDecide)}</span>}
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
