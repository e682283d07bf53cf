import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '../../src/app/dialects.js';
import { columns } from './people.js';
import { openTheatre, play, type Theatre } from './play.js';
import type { RestRow } from './row.js';
import { archidriveRows } from './rows/archidrive.js';
import { budgetMoneyRows } from './rows/budget-money.js';
import { budgetWebhookRows } from './rows/budget-webhooks.js';
import { budgetRows } from './rows/budget.js';
import { kdocsApprovalRows } from './rows/kdocs-approvals.js';
import { kdocsExtraRows } from './rows/kdocs-extras.js';
import { kdocsNoticeRows } from './rows/kdocs-notices.js';
import { kdocsRows } from './rows/kdocs.js';
import { smartleakproIntegrationRows } from './rows/smartleakpro-integrations.js';
import { smartleakproInterventionRows } from './rows/smartleakpro-interventions.js';
import { smartleakproMediaRows } from './rows/smartleakpro-media.js';
import { smartleakproMonitoringRows } from './rows/smartleakpro-monitoring.js';
import { smartleakproPlanningRows } from './rows/smartleakpro-planning.js';
import { smartleakproReportRows } from './rows/smartleakpro-reports.js';
import { smartleakproWebhookRows } from './rows/smartleakpro-webhooks.js';
import { smartleakproRows } from './rows/smartleakpro.js';
import { xcorePluginRows } from './rows/xcore-plugins.js';
import { xcoreTaskRows } from './rows/xcore-tasks.js';
import { xcoreRows } from './rows/xcore.js';

const rows: Record<string, RestRow> = {
  ...xcoreRows,
  ...xcorePluginRows,
  ...xcoreTaskRows,
  ...archidriveRows,
  ...kdocsRows,
  ...kdocsApprovalRows,
  ...kdocsNoticeRows,
  ...kdocsExtraRows,
  ...budgetRows,
  ...budgetMoneyRows,
  ...budgetWebhookRows,
  ...smartleakproRows,
  ...smartleakproReportRows,
  ...smartleakproMonitoringRows,
  ...smartleakproIntegrationRows,
  ...smartleakproMediaRows,
  ...smartleakproInterventionRows,
  ...smartleakproPlanningRows,
  ...smartleakproWebhookRows,
};

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre?.server.stop());

describe('nothing is missing', () => {
  const idle = {
    health: async () => ({ database: true, redis: true, disk: true }),
    metrics: { text: async () => '', token: undefined },
    version: '',
    startedAt: new Date(0),
  };
  test('every route of every dialect has a row, and every row a route', () => {
    const routes = dialects(idle).flatMap(({ prefix, routes }) =>
      routes.map(({ method, path }) => `${method.toUpperCase()} ${prefix}${path}`),
    );
    expect(Object.keys(rows).toSorted()).toEqual(routes.toSorted());
  });

  test.each(Object.entries(rows))('%s has an answer for every column', (_name, { expect: cells }) => {
    expect(Object.keys(cells).toSorted()).toEqual(columns.toSorted());
  });
});

describe('REST', () => {
  test.each(Object.entries(rows).map(([name, row], turn) => ({ name, row, turn })))(
    '$name',
    async ({ name, row, turn }) => {
      const method = name.split(' ')[0] as string;
      await play(theatre, {
        row,
        turn,
        expectedOf: (column) => row.expect[column],
        changes: row.changes ?? method !== 'GET',
        succeeds: (status) => Number(status) < 400,
        prepare: async (stage) => {
          const { path, shows, ...options } = await row.request(stage);
          return {
            shows,
            ask: async (headers) => {
              const { status, text } = await theatre.server.request(method, path, {
                ...options,
                headers: { ...options.headers, ...headers },
              });
              return { code: status, text };
            },
          };
        },
      });
    },
  );
});
