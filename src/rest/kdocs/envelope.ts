import { z } from 'zod';
import type { Dialect, Problem } from '../engine/route.js';
import { kdocsWords } from './words.js';

const ErrorEnvelope = z.union([
  z
    .object({
      error: z.literal(true),
      message: z.string(),
      errors: z.record(z.string(), z.array(z.string())).optional(),
      existing_id: z.int().optional().meta({ description: 'Doublon : le document qui contient déjà ce fichier' }),
      count: z.int().optional().meta({ description: 'Type utilisé : le nombre de documents' }),
    })
    .meta({ id: 'KdocsError' }),
  z.object({ error: z.string() }).meta({ id: 'KdocsRateLimitError' }),
]);

/** kdocs.md, "Format des erreurs" and "Rate Limiting". */
function toError({ code, message, fields, details }: Problem): z.input<typeof ErrorEnvelope> {
  if (code === 'RATE_LIMITED')
    return { error: `Rate limit exceeded. Try again in ${Number(details?.['retryAfterSeconds'] ?? 60)} seconds.` };
  const errors: Record<string, string[]> = {};
  for (const { name, message: sentence } of fields) (errors[name] ??= []).push(sentence);
  const existing = Number(details?.['id']);
  const count = Number(details?.['count']);
  return {
    error: true,
    message,
    ...(fields.length && { errors }),
    ...(Number.isInteger(existing) && { existing_id: existing }),
    ...(Number.isInteger(count) && { count }),
  };
}

/** What the three prefixes of K-Docs share. */
export const kdocsFrame = {
  version: '1.0.0',
  errorSchema: ErrorEnvelope,
  toError,
  words: kdocsWords,
  habits: { looseValues: true, unknownKeys: 'ignored' },
  quotas: () => [{ name: 'minute', requests: 100, seconds: 60, per: 'address' }],
  authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' },
  limits: ['100 requêtes par minute et par adresse IP'],
  securitySchemes: {
    session: { type: 'apiKey', in: 'cookie', name: 'kdocs_session', description: 'Cookie de `POST /kdocs/login`' },
    bearer: { type: 'http', scheme: 'bearer', description: "Jeton d'accès ou jeton API" },
  },
} satisfies Partial<Dialect>;
