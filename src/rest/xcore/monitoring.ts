import { z } from 'zod';
import { type Reply, type Route, route } from '../engine/route.js';
import { moment } from './lists.js';

export interface Monitoring {
  /** Each check of the server; must not throw. */
  health: () => Promise<{ database: boolean; redis: boolean; disk: boolean }>;
  /** In Prometheus' text format. */
  metrics: () => Promise<string>;
  version: string;
  startedAt: Date;
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

/** xcore.md, « Endpoints de Monitoring ». */
export function monitoringRoutes({ health, metrics, version, startedAt }: Monitoring): readonly Route[] {
  const report = async (): Promise<Reply> => {
    const checks = await health();
    const isHealthy = Object.values(checks).every(Boolean);
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
  const shared = {
    method: 'get',
    section: 'xcore.md#get-health',
    tag: 'monitoring',
    credential: 'none',
    quota: 'exempt',
  } as const;
  return [
    route({
      ...shared,
      path: '/health',
      summary: "Vérifier l'état du système",
      response: Health,
      answer: report,
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
      summary: 'Le système peut servir',
      response: Health,
      answer: report,
      alsoWithStatus: unhealthy,
      examples: { response: example },
    }),
    route({
      ...shared,
      path: '/metrics',
      section: 'xcore.md#get-metrics',
      summary: 'Métriques Prometheus',
      produces: ['text/plain'],
      answer: async () => ({
        text: await metrics(),
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
    }),
  ];
}
