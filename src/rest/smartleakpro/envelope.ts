import { z } from 'zod';
import type { Problem, ProblemCode } from '../engine/route.js';

/** smartleakpro.md, « Codes d'erreur »; the contract does not name the last four. */
const codes: Record<ProblemCode, string> = {
  BAD_USER_INPUT: 'VALIDATION_ERROR',
  MALFORMED_JSON: 'VALIDATION_ERROR',
  MALFORMED_REQUEST: 'VALIDATION_ERROR',
  RANGE_NOT_SATISFIABLE: 'VALIDATION_ERROR',
  UNAUTHENTICATED: 'AUTHENTICATION_ERROR',
  FORBIDDEN: 'AUTHORIZATION_ERROR',
  NOT_FOUND: 'NOT_FOUND',
  RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
  INTERNAL_SERVER_ERROR: 'INTERNAL_ERROR',
  CONFLICT: 'CONFLICT',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_ALLOWED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

/** smartleakpro.md, « Format des erreurs ». */
export const ErrorEnvelope = z
  .object({
    detail: z.string(),
    error_code: z.enum(Object.values(codes) as [string, ...string[]]),
    field_errors: z.record(z.string(), z.array(z.string())),
  })
  .meta({ id: 'Error' });

export function envelope({ code, message, fields }: Problem): z.input<typeof ErrorEnvelope> {
  const field_errors: Record<string, string[]> = {};
  for (const { name, message: sentence } of fields) (field_errors[name] ??= []).push(sentence);
  return { detail: message, error_code: codes[code] as string, field_errors };
}
