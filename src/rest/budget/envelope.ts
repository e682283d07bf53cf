import { z } from 'zod';
import type { Problem, ProblemCode } from '../engine/route.js';

/** budget.md, « Codes d'erreur personnalisés », and DECISIONS.md, section 7; neither of them names the last four. */
const codes: Record<ProblemCode, string> = {
  BAD_USER_INPUT: 'VALIDATION_ERROR',
  MALFORMED_JSON: 'VALIDATION_ERROR',
  MALFORMED_REQUEST: 'VALIDATION_ERROR',
  RANGE_NOT_SATISFIABLE: 'VALIDATION_ERROR',
  UNAUTHENTICATED: 'AUTHENTICATION_FAILED',
  FORBIDDEN: 'PERMISSION_DENIED',
  NOT_FOUND: 'RESOURCE_NOT_FOUND',
  CONFLICT: 'DUPLICATE_ENTRY',
  RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_ALLOWED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL_SERVER_ERROR: 'INTERNAL_ERROR',
};

const allCodes: [string, ...string[]] = [
  'TOKEN_EXPIRED',
  'WEBAUTHN_ERROR',
  'INSUFFICIENT_BALANCE',
  ...new Set(Object.values(codes)),
];

/** budget.md, « Format des erreurs »; `detail` is what the web application shows (CONSUMERS.md, section 2). */
export const ErrorEnvelope = z
  .object({
    error: z.object({
      code: z.enum(allCodes),
      message: z.string(),
      details: z.record(z.string(), z.array(z.string())),
    }),
    detail: z.string().meta({ description: 'Le même message' }),
  })
  .meta({ id: 'BudgetError' });

export function envelope({ code, reason, message, fields, details: facts }: Problem): z.input<typeof ErrorEnvelope> {
  const details: Record<string, string[]> = {};
  for (const field of fields) (details[field.name] ??= []).push(field.message);
  return { error: { code: codeOf(code, reason, facts), message, details }, detail: message };
}

function codeOf(code: ProblemCode, reason: string | undefined, facts: Problem['details']): string {
  if (reason?.startsWith('webauthn.')) return 'WEBAUTHN_ERROR';
  if (reason === 'account.insufficient_balance') return 'INSUFFICIENT_BALANCE';
  return code === 'UNAUTHENTICATED' && facts?.['expired'] === true ? 'TOKEN_EXPIRED' : codes[code];
}
