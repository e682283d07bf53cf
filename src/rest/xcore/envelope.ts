import { z } from 'zod';
import { conflictOnDuplicate } from '../engine/conflict.js';
import type { Problem, ProblemCode } from '../engine/route.js';
import { moment } from './lists.js';

/** xcore.md, « Codes d'Erreur Communs »; the contract does not name the last three. */
const codes: Record<ProblemCode, string> = {
  UNAUTHENTICATED: 'AUTHENTICATION_ERROR',
  FORBIDDEN: 'AUTHORIZATION_ERROR',
  BAD_USER_INPUT: 'VALIDATION_ERROR',
  MALFORMED_JSON: 'VALIDATION_ERROR',
  MALFORMED_REQUEST: 'VALIDATION_ERROR',
  RANGE_NOT_SATISFIABLE: 'VALIDATION_ERROR',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  RATE_LIMITED: 'RATE_LIMIT',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL_SERVER_ERROR: 'INTERNAL_ERROR',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_ALLOWED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

export const notFoundWords = {
  User: 'Utilisateur non trouvé',
  Role: 'Rôle non trouvé',
  RoleAssignment: 'Cet utilisateur ne porte pas ce rôle',
  Permission: 'Permission non trouvée',
  Plugin: 'Plugin non trouvé',
  Task: 'Tâche non trouvée',
} as const;

/** xcore.md, « Format d'Erreur Standard ». */
export const ErrorEnvelope = z
  .object({
    error: z.object({
      code: z.enum(Object.values(codes) as [string, ...string[]]),
      message: z.string(),
      details: z.array(z.object({ field: z.string(), message: z.string() })),
      timestamp: moment,
      request_id: z.string(),
    }),
  })
  .meta({ id: 'Error' });

export const envelope = ({ code, message, fields, timestamp, requestId }: Problem): z.input<typeof ErrorEnvelope> => ({
  error: {
    code: codes[code],
    message,
    details: fields.map((field) => ({ field: field.name, message: field.message })),
    timestamp,
    request_id: requestId,
  },
});

/** xcore answers 409 where a name or address exists already. */
export const duplicateIsConflict = conflictOnDuplicate(envelope);
