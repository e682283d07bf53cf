import type { Frequency } from './operations.gen';

interface Recurrence {
  frequency: Frequency;
  interval: number;
  startDate: string;
  endDate: string | null;
  nextOccurrence: string | null;
  skippedDates: readonly string[];
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** The day of a number of steps from the start: months that are shorter have it on their last day. */
function dayAt(start: string, frequency: Frequency, steps: number): string {
  const [year = 0, month = 1, day = 1] = start.split('-').map(Number);
  if (frequency === 'DAILY') return dayOf(new Date(Date.UTC(year, month - 1, day + steps)));
  if (frequency === 'WEEKLY') return dayOf(new Date(Date.UTC(year, month - 1, day + 7 * steps)));
  const months = frequency === 'MONTHLY' ? steps : 12 * steps;
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOf(new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))));
}

const mostSteps = 40_000;

/** The next days of a rule, from the one that the server names; days that are left out are not among them. */
export function nextDays(rule: Recurrence, count: number): string[] {
  const { frequency, interval, startDate, endDate, nextOccurrence, skippedDates } = rule;
  if (nextOccurrence === null) return [];
  const days = [nextOccurrence];
  for (let step = 0; step < mostSteps && days.length < count; step += 1) {
    const day = dayAt(startDate, frequency, step * interval);
    if (endDate !== null && day > endDate) break;
    if (day > nextOccurrence && !skippedDates.includes(day)) days.push(day);
  }
  return days;
}
