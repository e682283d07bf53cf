import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DomainError } from '../../lib/errors.js';
import { type Reply, type Route, route } from '../engine/route.js';
import { moment } from './lists.js';

export interface Monitoring {
  /** Each check of the server; must not throw. */
  health: () => Promise<{ database: boolean; redis: boolean; disk: boolean }>;
  /** Whether requests should come here; must not throw. */
  isReady: () => Promise<boolean>;
  /** undefined: they are switched off. */
  metrics: Metrics | undefined;
  version: string;
  startedAt: Date;
}

export interface Metrics {
  /** In Prometheus' text format. */
  text: () => Promise<string>;
  /** Who asks must say it; undefined: nobody need. */
  token: string | undefined;
}

const Health = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    checks: z.object({ database: z.boolean(), redis: z.boolean(), disk: z.boolean() }),
    timestamp: moment,
    version: z.string(),
    uptime: z.int().meta({ description: 'Secondes' }),
  })
  .meta({ id: 'Health' });
const Live = z.object({ status: z.literal('healthy'), timestamp: moment }).meta({ id: 'Live' });

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

const shared = {
  method: 'get',
  section: 'xcore.md#get-health',
  tag: 'monitoring',
  credential: 'none',
  quota: 'exempt',
} as const;

/** xcore.md, « Endpoints de Monitoring ». */
export function monitoringRoutes({ health, isReady, metrics, version, startedAt }: Monitoring): readonly Route[] {
  const report = (checks: Awaited<ReturnType<Monitoring['health']>>, isHealthy: boolean): Reply => {
    const uptime = Math.max(0, Math.floor((Date.now() - startedAt.valueOf()) / 1000));
    return {
      status: isHealthy ? 200 : 503,
      json: { status: isHealthy ? 'healthy' : 'unhealthy', checks, timestamp: now(), version, uptime },
    };
  };
  const example = {
    status: 'healthy',
    checks: { database: true, redis: true, disk: true },
    timestamp: '2024-01-15T10:30:00Z',
    version: '1.0.0',
    uptime: 3600,
  };
  const unhealthy = {
    503: {
      description: 'Un des contrôles a échoué',
      example: { ...example, status: 'unhealthy', checks: { database: true, redis: false, disk: true } },
    },
  };
  return [
    route({
      ...shared,
      path: '/health',
      summary: "Vérifier l'état du système",
      response: Health,
      answer: async () => {
        const checks = await health();
        return report(checks, Object.values(checks).every(Boolean));
      },
      alsoWithStatus: unhealthy,
      examples: { response: example },
    }),
    route({
      ...shared,
      path: '/health/live',
      summary: 'Le processus répond, quel que soit le reste',
      response: Live,
      answer: () => ({ json: { status: 'healthy', timestamp: now() } }),
    }),
    route({
      ...shared,
      path: '/health/ready',
      summary: 'Le système peut servir : sa base répond et il ne va pas s’arrêter ; sans Redis il sert aussi',
      response: Health,
      answer: async () => report(...(await Promise.all([health(), isReady()]))),
      alsoWithStatus: unhealthy,
      examples: { response: example },
    }),
    ...(metrics ? [metricsRoute(metrics)] : []),
  ];
}

const metricsRoute = ({ text, token }: Metrics): Route =>
  route({
    ...shared,
    path: '/metrics',
    section: 'xcore.md#get-metrics',
    summary: 'Métriques Prometheus',
    produces: ['text/plain'],
    answer: async ({ request }) => {
      if (token !== undefined && !isSame(request.headers.authorization, `Bearer ${token}`))
        throw new DomainError('UNAUTHENTICATED', 'The token of the metrics is needed', { reason: 'bad_credential' });
      return { text: await text(), headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' } };
    },
  });

/** Takes as long for one as for another. */
const isSame = (given: string | undefined, wanted: string): boolean =>
  timingSafeEqual(digestOf(given ?? ''), digestOf(wanted));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
