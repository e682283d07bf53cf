import { z } from 'zod';
import { route } from '../engine/route.js';
import { KdocsCountTasksOperation } from './operations.gen.js';
import { ok } from './shapes.js';

const count = z.int().min(0);

export const taskRoutes = [
  route({
    method: 'get',
    path: '/tasks/counts',
    section: 'CONSUMERS.md#4-k-docs-and-the-others',
    summary: 'Combien de tâches attendent la personne',
    credential: 'required',
    operation: KdocsCountTasksOperation,
    toVariables: () => ({}),
    response: z.object({
      success: z.literal(true),
      counts: z.object({
        total: count,
        validation: count.meta({ description: 'Documents à valider' }),
        urgent: count.meta({ description: 'Parmi les cent premiers, ceux dont le délai est passé ou finit ce jour' }),
        consume: count.meta({ description: "Toujours 0, comme `workflow` et `notes` : ce n'est pas suivi" }),
        workflow: count,
        notes: count,
      }),
    }),
    toResponse: ({ pendingApprovals: { nodes, totalCount } }) => ({
      ...ok,
      counts: {
        total: totalCount,
        validation: totalCount,
        urgent: nodes.filter(({ daysUntilDeadline }) => (daysUntilDeadline ?? 1) <= 0).length,
        consume: 0,
        workflow: 0,
        notes: 0,
      },
    }),
  }),
];
