import { z } from 'zod';
import { fromEnum } from '../engine/enum-words.js';
import { route } from '../engine/route.js';
import {
  KdocsCountNotificationsOperation,
  KdocsDeleteNotificationOperation,
  KdocsListNotificationsOperation,
  KdocsListUnreadNotificationsOperation,
  type KdocsNotificationFragment,
  KdocsReadAllNotificationsOperation,
  KdocsReadNotificationOperation,
  type NotificationType,
} from './operations.gen.js';
import { Done, IdParams, ok, success } from './shapes.js';

const types = [
  'validation_pending',
  'validation_approved',
  'validation_rejected',
  'task_completed',
  'document_shared',
  'account_shared',
  'recurrence_posted',
  'recurrence_refused',
  'invoice_overdue',
  'appointment',
  'webhook_disabled',
  'alert',
  'system',
] as const;
const priorities = ['urgent', 'high', 'normal', 'low'] as const;

const NotificationOut = z
  .object({
    id: z.int(),
    type: z.enum(types),
    title: z.string(),
    message: z.string(),
    link: z.string().nullable(),
    is_read: z.boolean(),
    priority: z.enum(priorities),
    created_at: z.string().meta({ example: '2026-01-27T10:00:00' }),
  })
  .meta({ id: 'KdocsNotification' });

const typeOf = (type: NotificationType): (typeof types)[number] =>
  fromEnum(type).replace(/^approval_/, 'validation_') as (typeof types)[number];

const notificationOut = (notification: KdocsNotificationFragment): z.input<typeof NotificationOut> => ({
  id: Number(notification.id),
  type: typeOf(notification.type),
  title: notification.title,
  message: notification.message,
  link: notification.link ?? null,
  is_read: notification.isRead,
  priority: fromEnum(notification.priority),
  created_at: notification.createdAt.slice(0, 19),
});

const count = z.int().min(0);

export const notificationRoutes = [
  route({
    method: 'get',
    path: '/notifications',
    section: 'kdocs.md#liste-des-notifications',
    summary: 'Liste des notifications',
    credential: 'required',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Nombre maximum' }),
      offset: z.coerce.number().int().min(0).max(1_000_000).default(0).meta({ description: 'Nombre à passer' }),
    }),
    operation: KdocsListNotificationsOperation,
    toVariables: ({ query }) => ({ first: query.limit, offset: query.offset }),
    response: z.object({
      success: z.literal(true),
      data: z.array(NotificationOut),
      notifications: z.array(NotificationOut).meta({ description: 'Les mêmes' }),
    }),
    toResponse: ({ notifications: { nodes } }) => {
      const data = nodes.map(notificationOut);
      return { ...ok, data, notifications: data };
    },
  }),
  route({
    method: 'get',
    path: '/notifications/unread',
    section: 'kdocs.md#notifications-non-lues',
    summary: 'Notifications non lues',
    credential: 'required',
    operation: KdocsListUnreadNotificationsOperation,
    toVariables: () => ({}),
    response: z.object({
      success: z.literal(true),
      count,
      by_priority: z.object({ urgent: count, high: count, normal: count, low: count }),
      notifications: z.array(NotificationOut).meta({ description: 'Les 100 dernières' }),
    }),
    toResponse: ({ unreadNotifications, notifications: { nodes } }) => ({
      ...ok,
      count: unreadNotifications.count,
      by_priority: unreadNotifications.byPriority,
      notifications: nodes.map(notificationOut),
    }),
  }),
  route({
    method: 'get',
    path: '/notifications/count',
    section: 'DECISIONS.md#5-k-docs',
    summary: 'Nombre de notifications non lues',
    credential: 'required',
    operation: KdocsCountNotificationsOperation,
    toVariables: () => ({}),
    response: z.object({ success: z.literal(true), count }),
    toResponse: ({ unreadNotifications }) => ({ ...ok, count: unreadNotifications.count }),
  }),
  route({
    method: 'post',
    path: '/notifications/read-all',
    section: 'kdocs.md#marquer-toutes-les-notifications-comme-lues',
    summary: 'Marquer toutes les notifications comme lues',
    credential: 'required',
    operation: KdocsReadAllNotificationsOperation,
    toVariables: () => ({}),
    response: z.object({ success: z.literal(true), count, message: z.string() }),
    toResponse: ({ markAllNotificationsRead: { changedCount } }) => ({
      ...ok,
      count: changedCount,
      message:
        changedCount > 1
          ? `${changedCount} notifications marquées comme lues`
          : `${changedCount} notification marquée comme lue`,
    }),
  }),
  route({
    method: 'post',
    path: '/notifications/:id/read',
    section: 'kdocs.md#marquer-une-notification-comme-lue',
    summary: 'Marquer une notification comme lue',
    credential: 'required',
    params: IdParams,
    operation: KdocsReadNotificationOperation,
    toVariables: ({ params }) => params,
    response: success(NotificationOut),
    toResponse: ({ markNotificationRead: { notification } }) => ({
      ...ok,
      data: notificationOut(notification),
      message: 'Notification marquée comme lue',
    }),
  }),
  route({
    method: 'delete',
    path: '/notifications/:id',
    section: 'CONSUMERS.md#4-k-docs-and-the-others',
    summary: 'Supprimer une notification',
    credential: 'required',
    params: IdParams,
    operation: KdocsDeleteNotificationOperation,
    toVariables: ({ params }) => ({ input: params }),
    response: Done,
    toResponse: () => ({ ...ok, message: 'Notification supprimée' }),
  }),
];
