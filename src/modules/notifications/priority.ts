import { NotificationPriority, NotificationType } from './notification.entity.js';

/** How urgent a notification is, by what it is about. */
export const priorityOf: Record<`${NotificationType}`, NotificationPriority> = {
  [NotificationType.APPROVAL_PENDING]: NotificationPriority.HIGH,
  [NotificationType.APPROVAL_APPROVED]: NotificationPriority.NORMAL,
  [NotificationType.APPROVAL_REJECTED]: NotificationPriority.HIGH,
  [NotificationType.TASK_COMPLETED]: NotificationPriority.LOW,
  [NotificationType.DOCUMENT_SHARED]: NotificationPriority.NORMAL,
  [NotificationType.ACCOUNT_SHARED]: NotificationPriority.NORMAL,
  [NotificationType.RECURRENCE_POSTED]: NotificationPriority.NORMAL,
  [NotificationType.RECURRENCE_REFUSED]: NotificationPriority.HIGH,
  [NotificationType.INVOICE_OVERDUE]: NotificationPriority.HIGH,
  [NotificationType.APPOINTMENT]: NotificationPriority.HIGH,
  [NotificationType.WEBHOOK_DISABLED]: NotificationPriority.URGENT,
  [NotificationType.ALERT]: NotificationPriority.URGENT,
  [NotificationType.SYSTEM]: NotificationPriority.LOW,
};
