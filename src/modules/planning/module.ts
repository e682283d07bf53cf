import type { Module } from '../../kernel/module.js';
import { AppointmentEventResolver } from './appointment-event.resolver.js';
import { Appointment } from './appointment.entity.js';
import { mayHearOfAppointment } from './appointment.policy.js';
import { appointmentReads } from './appointment.reads.js';
import {
  AppointmentResolver,
  ClientAppointmentsResolver,
  InterventionAppointmentsResolver,
} from './appointment.resolver.js';
import { CalendarFeed } from './calendar/calendar-feed.entity.js';
import { calendarFeedReads } from './calendar/calendar-feed.reads.js';
import { CalendarResolver } from './calendar/calendar.resolver.js';
import { CustomerLinkResolver } from './customer-links/customer-link.resolver.js';
import { fillPlanningDemo } from './demo.js';
import { planningEvents } from './events.js';
import { planningNotices } from './notices.js';
import { planningPersonalData } from './personal-data.js';
import { planningHooks } from './planning-hooks.js';
import { planningLoaders } from './planning.loaders.js';
import { purgePlanning } from './purge-planning.js';
import { planningActions } from './task-actions.js';

export const planningModule: Module = {
  name: 'planning',
  entities: [Appointment, CalendarFeed],
  reads: [appointmentReads, calendarFeedReads],
  resolvers: [
    AppointmentResolver,
    ClientAppointmentsResolver,
    InterventionAppointmentsResolver,
    AppointmentEventResolver,
    CalendarResolver,
    CustomerLinkResolver,
  ],
  loaders: planningLoaders,
  events: planningEvents,
  notices: planningNotices,
  emptyTrash: purgePlanning,
  taskActions: planningActions,
  hears: { Appointment: mayHearOfAppointment },
  hooks: planningHooks,
  personalData: planningPersonalData,
  demo: fillPlanningDemo,
};
