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
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
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
    current: z
      .unknown()
      .optional()
      .meta({ description: "409 d'une version périmée : l'objet tel que son GET le répond (DECISIONS.md, section 9)" }),
  })
  .meta({ id: 'Error' });

export function envelope({ code, message, fields, details }: Problem): z.input<typeof ErrorEnvelope> {
  const field_errors: Record<string, string[]> = {};
  for (const { name, message: sentence } of fields) (field_errors[name] ??= []).push(sentence);
  return {
    detail: message,
    error_code: codes[code] as string,
    field_errors,
    ...(details?.['current'] !== undefined && { current: details['current'] }),
  };
}
