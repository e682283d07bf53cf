import { Link } from '@tanstack/react-router';
import { CalendarClock, EllipsisVertical, GripVertical, MapPin, UserRound } from 'lucide-react';
import { useId } from 'react';
import { Button as AriaButton, GridList, GridListItem, isTextDropItem, useDragAndDrop } from 'react-aria-components';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { IconButton } from '../ui/button';
import { Menu } from '../ui/menu';
import { Badge } from '../ui/notice';
import { Answer, More } from '../ui/page';
import { kindWords, priorityTones, priorityWords, statuses, statusTones, statusWords } from './labels';
import { useMove } from './move-intervention';
import {
  type InterventionFilter,
  InterventionListOperation,
  type InterventionRowFragment,
  type InterventionStatus,
} from './operations.gen';
import { words } from './words';
import styles from './board.module.css';

const dragType = 'application/x-passerelle-intervention';
const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };

/** Columns by status; a card is moved by dragging it, with the mouse or the keyboard, or by its menu. */
export function Board({ filter }: { filter: InterventionFilter }) {
  const { move } = useMove();
  return (
    <div className={styles.board}>
      {statuses.map((status) => (
        <BoardColumn key={status} status={status} filter={filter} move={move} />
      ))}
    </div>
  );
}

type Move = ReturnType<typeof useMove>['move'];

function BoardColumn({ status, filter, move }: { status: InterventionStatus; filter: InterventionFilter; move: Move }) {
  const t = useWords(words);
  const statusText = useWords(statusWords);
  const mayWrite = useMay()('interventions:write');
  const list = useGraphList(
    InterventionListOperation,
    { filter: { ...filter, status }, orderBy: status === 'ARCHIVED' ? 'SCHEDULED_AT_DESC' : 'SCHEDULED_AT_ASC' },
    { topics: ['interventions', 'clients'], connectionOf: ({ interventions }) => interventions ?? empty },
  );
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !mayWrite,
    getItems: (keys) =>
      [...keys].map((key) => {
        const version = list.nodes.find(({ id }) => String(id) === key)?.version;
        return { [dragType]: JSON.stringify({ id: key, version, from: status }), 'text/plain': String(key) };
      }),
    acceptedDragTypes: [dragType],
    getDropOperation: () => 'move',
    onRootDrop: async ({ items }) => {
      for (const item of items.filter(isTextDropItem)) {
        const { id, version, from } = JSON.parse(await item.getText(dragType)) as {
          id: string;
          version: number;
          from: InterventionStatus;
        };
        if (from !== status) await move(id, status, version);
      }
    },
  });
  return (
    <section className={styles.column} aria-label={statusText(status)}>
      <h2 className={styles.title}>
        <Badge tone={statusTones[status]}>{statusText(status)}</Badge>
        <span className="quiet">{list.totalCount ?? ''}</span>
      </h2>
      <Answer of={{ ...list, data: list.first }}>
        {() => (
          <GridList
            aria-label={statusText(status)}
            className={styles.list ?? ''}
            items={list.nodes.map((node) => ({ ...node, id: String(node.id) }))}
            dragAndDropHooks={dragAndDropHooks}
            renderEmptyState={() => <p className={styles.none}>{t('columnEmpty')}</p>}
          >
            {(item) => <BoardCard intervention={item} move={move} mayWrite={mayWrite} />}
          </GridList>
        )}
      </Answer>
      <More list={list} />
    </section>
  );
}

interface BoardCardProps {
  intervention: InterventionRowFragment & { id: string };
  move: Move;
  mayWrite: boolean;
}

function BoardCard({ intervention, move, mayWrite }: BoardCardProps) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const statusText = useWords(statusWords);
  const format = useFormat();
  const { id, kind, status, priority, client, description, scheduledAt, location, version } = intervention;
  const when = format.dateTime(scheduledAt);
  // A client may have several of one kind.
  const name = `${kindText(kind)}, ${client?.name ?? ''}, ${when}`;
  const [factsId, whenId] = [useId(), useId()];
  const who = intervention.technicianUser?.fullName ?? intervention.technician;
  const place = location ?? client?.address;
  return (
    <GridListItem id={id} textValue={name} className={styles.card ?? ''}>
      <div className={styles.head}>
        {mayWrite && (
          <AriaButton slot="drag" className={styles.grip ?? ''} aria-label={t('drag', { name })}>
            <GripVertical size={16} aria-hidden />
          </AriaButton>
        )}
        <Link
          to="/interventions/$id"
          params={{ id }}
          search={{}}
          className={styles.name}
          aria-describedby={`${factsId} ${whenId}`}
        >
          {client?.name ?? kindText(kind)}
        </Link>
        {mayWrite && (
          <Menu
            label={t('actionsOf', { name })}
            groups={[
              {
                id: 'move',
                title: t('moveTo'),
                entries: statuses
                  .filter((each) => each !== status)
                  .map((each) => ({ id: each, label: statusText(each), onAction: () => move(id, each, version) })),
              },
            ]}
          >
            <IconButton label={t('actionsOf', { name })}>
              <EllipsisVertical size={18} aria-hidden />
            </IconButton>
          </Menu>
        )}
      </div>
      <div className="row" id={factsId}>
        <span>{kindText(kind)}</span>
        {(priority === 'URGENT' || priority === 'HIGH') && (
          <Badge tone={priorityTones[priority]}>{priorityText(priority)}</Badge>
        )}
        {status === 'PLANNED' && new Date(scheduledAt) < new Date() && <Badge tone="bad">{t('late')}</Badge>}
      </div>
      {description && <p className={styles.text}>{description}</p>}
      <p className={styles.fact} id={whenId}>
        <CalendarClock size={14} aria-hidden /> {when}
      </p>
      {who && (
        <p className={styles.fact}>
          <UserRound size={14} aria-hidden /> {who}
        </p>
      )}
      {place && (
        <p className={styles.fact}>
          <MapPin size={14} aria-hidden /> {place}
        </p>
      )}
    </GridListItem>
  );
}
