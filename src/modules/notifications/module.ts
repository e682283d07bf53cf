import type { Module } from '../../kernel/module.js';
import { notificationEvents } from './events.js';
import { notificationJobs } from './jobs.js';
import { NotificationEventResolver } from './notification-event.resolver.js';
import { NotificationPreferenceResolver } from './notification-preference.resolver.js';
import { Notification } from './notification.entity.js';
import { notificationReads } from './notification.reads.js';
import { NotificationResolver } from './notification.resolver.js';
import { notificationConsumer } from './notify-people.js';
import { notificationPersonalData } from './personal-data.js';

export const notificationsModule: Module = {
  name: 'notifications',
  entities: [Notification],
  reads: [notificationReads],
  resolvers: [NotificationResolver, NotificationEventResolver, NotificationPreferenceResolver],
  events: notificationEvents,
  consumers: (services, notices) => [notificationConsumer(services, notices)],
  jobs: notificationJobs,
  personalData: notificationPersonalData,
};
