import { column, equals, type ListedReadModel } from '../../kernel/read-model.js';
import { Notification } from './notification.entity.js';
import { visibleNotifications } from './notification.policy.js';

export const notificationReads: ListedReadModel<Notification> = {
  entity: Notification,
  visibleTo: visibleNotifications,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      isRead: (value: boolean, a) => `${a}.is_read = ${value}`,
      type: equals('type', 'text'),
      priority: equals('priority', 'text'),
    },
  },
};
