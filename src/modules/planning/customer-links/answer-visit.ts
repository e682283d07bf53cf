import { Temporal } from 'temporal-polyfill';
import { takeLock } from '../../../db/locks.js';
import type { Transaction } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { checkedText } from '../../../lib/checked-values.js';
import { badInput, DomainError, type FieldProblem } from '../../../lib/errors.js';
import { appointmentEvent } from '../appointment-event.js';
import { Appointment, AppointmentStatus } from '../appointment.entity.js';
import { lockLinkedAppointment, type LockedAppointment } from '../lock-appointment.js';
import { CustomerAnswer } from './customer-link.types.js';
import { linkedAppointmentId } from './open-customer-link.js';

export interface VisitAnswer {
  token: string;
  answer: CustomerAnswer;
  message?: string | null | undefined;
  /** On the firm's clock, `2026-03-30T14:00`. */
  wishedTimes?: readonly string[] | null | undefined;
}

const longestMessage = 1000;
const mostWishes = 5;

/** Of one appointment, whichever doors they come by: each is told to somebody. */
const mostRequestsAnHour = 10;
const hourSeconds = 3600;

/**
 * What a client answers, who is known by the link alone. An answer that was given before changes nothing. Throws
 * NOT_FOUND; BAD_USER_INPUT when another time is asked for without a time or a message, or with a time that is over;
 * RATE_LIMITED when another time is asked for again and again.
 */
export async function answerVisit(ctx: CommandContext, { token, answer, ...wish }: VisitAnswer): Promise<void> {
  const moveRequest = answer === CustomerAnswer.MOVE ? wordsOf(wish, ctx) : null;
  const at = ctx.services.now();
  // Before the lock of all planning, for which somebody without a link must not make anybody wait.
  await linkedAppointmentId(ctx.db, token, at);
  await ctx.db.transaction(async (tx) => {
    await tx.send(takeLock('planning'));
    const appointment = await lockLinkedAppointment(tx, await linkedAppointmentId(tx, token, at));
    await (moveRequest === null
      ? confirm(tx, ctx, appointment, at)
      : askForMove(tx, ctx, appointment, moveRequest, at));
  });
}

/** The client comes: what they asked for before is settled. */
async function confirm(tx: Transaction, ctx: CommandContext, before: LockedAppointment, at: Date): Promise<void> {
  const isNew = before.status !== AppointmentStatus.CONFIRMED;
  if (!isNew && before.confirmedByClientAt !== null && before.moveRequest === null) return;
  const version = before.version + 1;
  const changes = {
    status: AppointmentStatus.CONFIRMED,
    confirmedByClientAt: at,
    moveRequestedAt: null,
    moveRequest: null,
    version,
    sequence: before.sequence + (isNew ? 1 : 0),
    updatedAt: at,
  };
  await tx.send(sql`update appointments set ${set(Appointment, changes)} where id = ${before.id}::uuid`);
  const data = appointmentEvent(ctx, { ...before, version }, isNew ? ['status'] : []);
  await emit(tx, ctx, 'appointment.confirmed', ['Appointment', before.id], data);
}

/** The wish is noted, and nothing is moved. */
async function askForMove(
  tx: Transaction,
  ctx: CommandContext,
  before: LockedAppointment,
  moveRequest: string,
  at: Date,
): Promise<void> {
  if (before.moveRequest === moveRequest) return;
  await refuseFlood(tx, before.id);
  const version = before.version + 1;
  const changes = { moveRequestedAt: at, moveRequest, version, updatedAt: at };
  await tx.send(sql`update appointments set ${set(Appointment, changes)} where id = ${before.id}::uuid`);
  const data = appointmentEvent(ctx, { ...before, version }, ['moveRequest']);
  await emit(tx, ctx, 'appointment.move_requested', ['Appointment', before.id], data);
}

async function refuseFlood(tx: Transaction, appointmentId: string): Promise<void> {
  const asked = await tx.first<{ count: number }>(sql`
    select count(*)::int as count from events
     where subject_type = 'Appointment' and subject_id = ${appointmentId} and type = 'appointment.move_requested'
       and occurred_at > now() - make_interval(secs => ${hourSeconds})`);
  if ((asked?.count ?? 0) >= mostRequestsAnHour)
    throw new DomainError('RATE_LIMITED', 'Another time was asked for too often', {
      details: { retryAfterSeconds: hourSeconds },
    });
}

/** What the firm reads, in French: the times, then the message. */
function wordsOf(
  { message, wishedTimes }: Pick<VisitAnswer, 'message' | 'wishedTimes'>,
  { services }: CommandContext,
): string {
  const problems: FieldProblem[] = [];
  const text = checkedText((message ?? '').toWellFormed(), ['message'], problems, { max: longestMessage });
  const given = wishedTimes ?? [];
  if (given.length > mostWishes)
    problems.push({ path: ['wishedTimes'], code: 'too_long', message: `at most ${mostWishes} times` });
  const { config, now } = services;
  const times = given.slice(0, mostWishes).map((written, index) => {
    const time = zonedTime(written, config.timeZone);
    if (time && time.epochMilliseconds > now().getTime()) return time;
    problems.push({
      path: ['wishedTimes', String(index)],
      code: time ? 'too_small' : 'invalid_format',
      message: time ? 'must lie in the future' : 'must be written as 2026-03-30T14:00',
    });
    return undefined;
  });
  if (!text && given.length === 0) problems.push({ path: ['message'], code: 'required', message: 'say when, or why' });
  if (problems.length) throw badInput(problems);
  const words = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeStyle: 'short', timeZone: config.timeZone });
  const lines = times.flatMap((time) => (time ? `- ${words.format(time.epochMilliseconds)}` : []));
  return [...(lines.length ? ['Horaires souhaités :', ...lines] : []), ...(text ? [text] : [])].join('\n');
}

/** A time on the clock of the zone; undefined for what is none. */
function zonedTime(written: string, timeZone: string): Temporal.ZonedDateTime | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(written)) return undefined;
  try {
    return Temporal.PlainDateTime.from(written, { overflow: 'reject' }).toZonedDateTime(timeZone);
  } catch {
    return undefined;
  }
}
