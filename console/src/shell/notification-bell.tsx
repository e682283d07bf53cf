import { useNavigate } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { defineWords, useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { LateDialog } from '../ui/late-dialog';
import { Answer, EmptyState, More } from '../ui/page';
import { notificationWords } from './notification-words';
import {
  MarkAllReadOperation,
  MarkReadOperation,
  NotificationsOperation,
  type NotificationsQuery,
  UnreadOperation,
} from './operations.gen';
import styles from './notification-bell.module.css';

const words = defineWords(
  'notifications',
  {
    title: 'Notifications',
    unread_one: '{{count}} unread notification',
    unread_other: '{{count}} unread notifications',
    allRead: 'Mark all as read',
    none: 'Nothing yet',
    noneText: 'What others do that concerns you appears here: decisions, shared documents, payments, appointments.',
  },
  {
    title: 'Notifications',
    unread_one: '{{count}} notification non lue',
    unread_other: '{{count}} notifications non lues',
    allRead: 'Tout marquer comme lu',
    none: 'Rien pour l’instant',
    noneText:
      'Ce que d’autres font et qui vous concerne apparaît ici : décisions, documents partagés, paiements, rendez-vous.',
  },
);

/** How many are unread, and the list of all beside the page. */
export function NotificationBell() {
  const t = useWords(words);
  const [isOpen, setOpen] = useState(false);
  const { data } = useGraph(UnreadOperation, {}, { topics: ['notifications'] });
  const count = data?.unreadNotifications?.count ?? 0;
  return (
    <>
      <IconButton
        label={count > 0 ? t('unread', { count }) : t('title')}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPress={() => setOpen(true)}
      >
        <Bell size={20} aria-hidden />
        {count > 0 && (
          <span className={styles.count} aria-hidden>
            {count > 99 ? '99+' : count}
          </span>
        )}
      </IconButton>
      <LateDialog isOpen={isOpen} onClose={() => setOpen(false)} title={t('title')} size="side">
        <NotificationList onLeave={() => setOpen(false)} unread={count} />
      </LateDialog>
    </>
  );
}

type Told = NonNullable<NotificationsQuery['notifications']>['nodes'][number];

/** Where it leads here: to the decision itself, of which the link names the document, as the contract of K-Docs has it. */
const placeOf = ({ type, link }: Told): string | null | undefined =>
  type === 'APPROVAL_PENDING' ? link?.replace(/^\/documents\/(\d+)$/, '/decisions?id=$1') : link;

function NotificationList({ onLeave, unread }: { onLeave: () => void; unread: number }) {
  const t = useWords(words);
  const format = useFormat();
  const navigate = useNavigate();
  const list = useGraphList(
    NotificationsOperation,
    {},
    {
      topics: ['notifications'],
      connectionOf: ({ notifications }) => notifications!,
    },
  );
  const markRead = useAction(MarkReadOperation, { touches: ['notifications'] });
  const markAll = useAction(MarkAllReadOperation, { touches: ['notifications'] });
  const open = async (notification: Told) => {
    if (!notification.isRead) await markRead.run({ input: { id: notification.id } });
    const href = placeOf(notification);
    if (!href) return;
    onLeave();
    await navigate({ href });
  };
  return (
    <Answer of={{ ...list, data: list.data }}>
      {() =>
        list.nodes.length === 0 ? (
          <EmptyState icon={<Bell size={32} aria-hidden />} title={t('none')} text={t('noneText')} />
        ) : (
          <>
            {unread > 0 && (
              <Button size="small" onPress={() => void markAll.run({})}>
                {t('allRead')}
              </Button>
            )}
            <ul className={styles.list}>
              {list.nodes.map((notification) => {
                const { title, message, lang } = notificationWords(notification);
                return (
                  <li key={notification.id} className={notification.isRead ? '' : styles.unread}>
                    <button type="button" onClick={() => void open(notification)}>
                      <strong lang={lang}>{title}</strong>
                      <span lang={lang}>{message}</span>
                      <time dateTime={notification.createdAt}>{format.relative(notification.createdAt)}</time>
                    </button>
                  </li>
                );
              })}
            </ul>
            <More list={list} />
          </>
        )
      }
    </Answer>
  );
}
