import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

export const notificationEvents = declareEvents({
  'notification.created': payload<{ userId: number; notificationId: number; type: string; priority: string }>(),
  'notification.read': payload<{ userId: number }>(),
  'notification.deleted': payload<{ userId: number }>(),
  /** All at once. The subject is the person. */
  'notification.all_read': payload<{ userId: number; count: number }>(),
  /** The subject is the person. */
  'notification_preference.updated': payload<{ type: string; byMail: boolean }>(),
});

export type NotificationEvents = PayloadsOf<typeof notificationEvents>;
