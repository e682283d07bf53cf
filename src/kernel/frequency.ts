import { registerEnumType } from 'type-graphql';

/** How often something happens again. */
export enum Frequency {
  DAILY = 'daily',
  WEEKLY = 'weekly',
  MONTHLY = 'monthly',
  YEARLY = 'yearly',
}

registerEnumType(Frequency, {
  name: 'Frequency',
  description: 'How often something happens again; an interval says every how many of them.',
  valuesConfig: {
    DAILY: { description: 'Every day.' },
    WEEKLY: { description: 'Every week, on the weekday of the start.' },
    MONTHLY: { description: "Every month, on the start's day, or on the last one of a month that is shorter." },
    YEARLY: { description: "Every year, on the start's day; 29 February is the 28th in other years." },
  },
});
