import { z } from 'zod';
import { type Route, route } from '../engine/route.js';

export interface KdocsHealthOptions {
  /** Each check of the server; must not throw. */
  health: () => Promise<{ database: boolean; redis: boolean; disk: boolean }>;
  version: string;
}

const State = z.enum(['ok', 'error']);
const Check = z.object({ status: State });
const stateOf = (isUp: boolean): z.infer<typeof State> => (isUp ? 'ok' : 'error');

/** For probes, and for programs that ask first whether K-Docs is there. */
export const healthRoute = ({ health, version }: KdocsHealthOptions): Route =>
  route({
    method: 'get',
    path: '/health',
    operationId: 'getHealth',
    section: 'CONSUMERS.md#4-k-docs-and-the-others',
    summary: "L'état de K-Docs ; 503 quand une vérification échoue",
    credential: 'none',
    quota: 'exempt',
    response: z.object({
      status: State,
      checks: z.object({ database: Check, storage: Check, events: Check }),
      version: z.string(),
    }),
    answer: async () => {
      const { database, redis, disk } = await health();
      const isHealthy = database && redis && disk;
      return {
        status: isHealthy ? 200 : 503,
        json: {
          status: stateOf(isHealthy),
          checks: {
            database: { status: stateOf(database) },
            storage: { status: stateOf(disk) },
            events: { status: stateOf(redis) },
          },
          version,
        },
      };
    },
  });
