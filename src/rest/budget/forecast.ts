import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { BudgetReadForecastOperation } from './operations.gen.js';
import { beyondContract, CurrencyQuery, Day, TextId } from './shapes.js';

/** DECISIONS.md, section 9. */
export const forecastRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/stats/forecast',
    section: beyondContract,
    summary: "Prévision du solde, d'aujourd'hui à la fin des jours demandés",
    credential: 'required',
    query: z.object({
      days: z.coerce.number().int().min(1).max(366).default(90).meta({ description: 'Nombre de jours à venir' }),
      account_id: TextId.optional().meta({ description: 'ID du compte (si omis, tous les siens)' }),
      currency: CurrencyQuery,
    }),
    operation: BudgetReadForecastOperation,
    toVariables: ({ query }) => ({ days: query.days, accountId: query.account_id, currency: query.currency }),
    response: z.object({
      account_id: z.int().nullable(),
      data: z.array(z.object({ date: Day, balance: z.number() })),
    }),
    toResponse: ({ balanceForecast: { account, points } }) => ({
      account_id: account ? Number(account.id) : null,
      data: [...points],
    }),
    examples: {
      response: {
        account_id: 1,
        data: [
          { date: '2026-02-28', balance: 1250.5 },
          { date: '2026-03-01', balance: 450.5 },
        ],
      },
    },
  }),
];
