/** When a transaction happens again, as budget.md prints it. */
import { z } from 'zod';
import type { BudgetRecurrenceFragment } from './operations.gen.js';
import { Day } from './shapes.js';

const Frequency = z.enum(['daily', 'weekly', 'monthly', 'yearly']);
type Frequency = z.infer<typeof Frequency>;
/** The graph's enum has the same words in capitals. */
export const frequencyIn = <T extends Frequency | null | undefined>(frequency: T) =>
  (frequency == null ? frequency : frequency.toUpperCase()) as T extends Frequency ? Uppercase<T> : T;

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
  frequency: rule.frequency.toLowerCase() as Frequency,
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
  frequency: frequencyIn(frequency),
  interval,
  startDate: start_date,
  endDate: end_date,
});

export const RecurrenceChanges = RecurrenceBody.extend({
  frequency: Frequency.nullish(),
  interval: Interval.nullish(),
});
