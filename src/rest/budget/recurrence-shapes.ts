/** When a transaction happens again, as budget.md prints it. */
import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import type { BudgetRecurrenceFragment } from './operations.gen.js';
import { Day } from './shapes.js';

const Frequency = z.enum(['daily', 'weekly', 'monthly', 'yearly']);

/** In an answer. */
export const Recurrence = z.object({
  id: z.int(),
  frequency: Frequency,
  interval: z.int(),
  start_date: Day,
  end_date: Day.nullable(),
});

export const recurrenceOut = (rule: BudgetRecurrenceFragment): z.input<typeof Recurrence> => ({
  id: Number(rule.id),
  frequency: fromEnum(rule.frequency),
  interval: rule.interval,
  start_date: rule.startDate,
  end_date: rule.endDate ?? null,
});

const Interval = z.int().min(1).max(1000);

/** In a body. */
export const RecurrenceBody = z.object({
  frequency: Frequency,
  interval: Interval.nullish().meta({ description: 'Tous les combien ; 1 par défaut' }),
  start_date: Day.nullish().meta({ description: 'Par défaut, la date de la transaction' }),
  end_date: Day.nullish().meta({ description: 'Incluse ; sans fin si elle est nulle' }),
});

export const recurrenceIn = ({ frequency, interval, start_date, end_date }: z.output<typeof RecurrenceBody>) => ({
  frequency: toEnum(frequency),
  interval,
  startDate: start_date,
  endDate: end_date,
});

export const RecurrenceChanges = RecurrenceBody.extend({
  frequency: Frequency.nullish(),
  interval: Interval.nullish(),
});
