/**
 * SQL for the ends of the log, as expressions. Not by min() and max(): over a partition for each month they are planned
 * much more slowly than what they come to.
 */

/** Position of the newest event, also of one that was dropped since; 0 when there never was one. */
export const newestPosition =
  '(select greatest((select position from events where position is not null order by position desc limit 1), ' +
  'pruned_position) from event_log)';

/**
 * The lowest position from which nothing is missing; the next one that will be given when nothing is left. Months do
 * not divide positions sharply, so that single events below it may still be there.
 */
export const oldestPosition =
  '(select coalesce((select position from events where position > pruned_position order by position limit 1), ' +
  'pruned_position + 1) from event_log)';
