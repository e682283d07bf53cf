import { failurePercent, p95Of, type Sums, type SumsOf, total } from '../figures/sum-figures.js';
import type { Alert, AlertEndReason, AlertKind, AlertSubjectKind } from './alert.entity.js';

/** How far back figures are judged by. */
export const windowMs = 10 * 60_000;
/** An alert ends when there were hardly any requests for so long. */
export const quietMs = 60 * 60_000;

/** Below so many requests a window says nothing: two of twenty failed, or one was slow by chance. */
const fewestRequests = 20;
const fewestOfServer = 50;

interface Rule {
  kind: Extract<`${AlertKind}`, 'slow_responses' | 'failure_rate'>;
  valueOf: (sums: Sums) => number;
  /** Raised above (smartleakpro.md, « Alertes »). */
  threshold: number;
  /** Ended below: an alert at the threshold must not come and go. */
  clearlyBetter: number;
}

const rules: readonly Rule[] = [
  { kind: 'slow_responses', valueOf: (sums) => p95Of(sums) / 1000, threshold: 2, clearlyBetter: 1.6 },
  { kind: 'failure_rate', valueOf: failurePercent, threshold: 5, clearlyBetter: 4 },
];

export interface Subject {
  subjectKind: `${AlertSubjectKind}`;
  subjectName: string;
}

/** An alert that is up. */
export interface UpAlert extends Subject, Pick<Alert, 'id'> {
  kind: `${AlertKind}`;
}

export interface NewAlert extends Subject {
  kind: `${AlertKind}`;
  value: number;
  threshold: number;
  requestCount: number | null;
  deliveryId: number | null;
}

export interface EndedAlert extends UpAlert {
  reason: `${AlertEndReason}`;
  value: number | null;
}

export interface Verdict {
  raised: NewAlert[];
  ended: EndedAlert[];
}

/** What has to be judged: each route and operation, and the server as a whole. */
type Measured = Map<string, Subject & { sums: Sums }>;

const server: Subject = { subjectKind: 'server', subjectName: '' };
const placeOf = ({ subjectKind, subjectName }: Subject): string => `${subjectKind} ${subjectName}`;

function measuredOf(figures: readonly SumsOf[]): Measured {
  const measured: Measured = new Map();
  const ofRequests = figures.filter(({ kind }) => kind === 'route' || kind === 'operation');
  measured.set(placeOf(server), { ...server, sums: total(ofRequests) });
  for (const { kind, name, ...sums } of ofRequests) {
    const subject = { subjectKind: kind as 'route' | 'operation', subjectName: name };
    measured.set(placeOf(subject), { ...subject, sums });
  }
  return measured;
}

const isTelling = ({ subjectKind }: Subject, { requests }: Sums): boolean =>
  requests >= (subjectKind === 'server' ? fewestOfServer : fewestRequests);

/**
 * What is to be raised and ended by the figures of the last ten minutes; `lastHour` says whether there is anything to
 * judge at all. While the server as a whole is in alert, nothing more is raised of the same kind: every route would be.
 */
export function judgeFigures(
  { lastMinutes, lastHour }: { lastMinutes: readonly SumsOf[]; lastHour: readonly SumsOf[] },
  up: readonly UpAlert[],
): Verdict {
  const [now, hour] = [measuredOf(lastMinutes), measuredOf(lastHour)];
  const verdict: Verdict = { raised: [], ended: [] };
  for (const rule of rules) {
    const known = new Map(up.filter(({ kind }) => kind === rule.kind).map((alert) => [placeOf(alert), alert]));
    for (const [place, alert] of known) {
      const ended = endOf(alert, rule, now.get(place)?.sums, hour.get(place)?.sums);
      if (ended) verdict.ended.push(ended);
    }
    // The server comes first.
    for (const [place, { sums, ...subject }] of now) {
      const value = rule.valueOf(sums);
      if (known.has(place) || !isTelling(subject, sums) || value <= rule.threshold) continue;
      const isServerUp = [...known.values(), ...verdict.raised].some(
        ({ kind, subjectKind }) => kind === rule.kind && subjectKind === 'server',
      );
      if (isServerUp) break;
      const { kind, threshold } = rule;
      verdict.raised.push({ kind, ...subject, value, threshold, requestCount: sums.requests, deliveryId: null });
    }
  }
  return verdict;
}

function endOf(alert: UpAlert, rule: Rule, now: Sums | undefined, hour: Sums | undefined): EndedAlert | undefined {
  if (now && isTelling(alert, now)) {
    const value = rule.valueOf(now);
    return value < rule.clearlyBetter ? { ...alert, reason: 'recovered', value } : undefined;
  }
  return hour && isTelling(alert, hour) ? undefined : { ...alert, reason: 'quiet', value: null };
}
