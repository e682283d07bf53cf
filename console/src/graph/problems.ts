import { ConnectionError, PasserelleError } from '@passerelle/client';
import { defineWords, language, say } from '../i18n/words';

const words = defineWords(
  'problems',
  {
    unreachable: 'The server does not answer. What you typed is still here: try again in a moment.',
    failed: 'The server failed (request {{id}}). Try again, or tell an administrator.',
    tooMany: 'Too many requests. Try again in {{count}} s.',
    UNAUTHENTICATED: 'Your session has ended. Sign in again.',
    FORBIDDEN: 'You may not do this.',
    NOT_FOUND: 'This no longer exists, or you may not see it.',
    BAD_USER_INPUT: 'Something in the form is wrong.',
    CONFLICT: 'This does not go with what is there now.',
    PAYLOAD_TOO_LARGE: 'The file is too large.',
    UNSUPPORTED_MEDIA_TYPE: 'Files of this type are not taken.',
    UNAVAILABLE: 'What this needs does not answer now. Try again in a moment.',
    required: 'This is needed.',
    invalid: 'This value cannot be right.',
    invalid_format: 'This is not written as it must be.',
    too_short: 'This is too short.',
    too_long: 'This is too long.',
    too_small: 'This is too small.',
    too_large: 'This is too large.',
    unknown_reference: 'There is no such thing.',
    duplicate: 'Something else has this value already.',
    not_allowed: 'This is not allowed here.',
    weak_password: 'It needs an upper-case letter, a lower-case one, a digit and a special character.',
    stale_version: 'Somebody else changed this meanwhile.',
  },
  {
    unreachable: 'Le serveur ne répond pas. Votre saisie est conservée : réessayez dans un instant.',
    failed: 'Le serveur a échoué (requête {{id}}). Réessayez, ou prévenez un administrateur.',
    tooMany: 'Trop de requêtes. Réessayez dans {{count}} s.',
    UNAUTHENTICATED: 'Votre session est terminée. Reconnectez-vous.',
    FORBIDDEN: 'Vous n’avez pas le droit de faire ceci.',
    NOT_FOUND: 'Ceci n’existe plus, ou vous ne pouvez pas le voir.',
    BAD_USER_INPUT: 'Le formulaire contient une erreur.',
    CONFLICT: 'Ceci est incompatible avec l’état actuel.',
    PAYLOAD_TOO_LARGE: 'Le fichier est trop volumineux.',
    UNSUPPORTED_MEDIA_TYPE: 'Les fichiers de ce type ne sont pas acceptés.',
    UNAVAILABLE: 'Un service nécessaire ne répond pas. Réessayez dans un instant.',
    required: 'Ce champ est obligatoire.',
    invalid: 'Cette valeur ne convient pas.',
    invalid_format: 'Le format est incorrect.',
    too_short: 'C’est trop court.',
    too_long: 'C’est trop long.',
    too_small: 'C’est trop petit.',
    too_large: 'C’est trop grand.',
    unknown_reference: 'Cet élément n’existe pas.',
    duplicate: 'Cette valeur est déjà prise.',
    not_allowed: 'Ceci n’est pas permis ici.',
    weak_password: 'Il faut une majuscule, une minuscule, un chiffre et un caractère spécial.',
    stale_version: 'Quelqu’un d’autre l’a modifié entre-temps.',
  },
);

type Key = Parameters<typeof say<NonNullable<(typeof words)['keys']>>>[1];

/** French for what the graph says in English; undefined for what has no words of ours. */
const own = (key: string | undefined): string | undefined => {
  const text = key === undefined ? undefined : say(words, key as Key);
  return text === key ? undefined : text;
};

/** What went wrong, as one sentence that says what to do. */
export function problemText(error: unknown): string {
  if (error instanceof PasserelleError) {
    if (error.code === 'RATE_LIMITED') {
      const seconds = Number(error.details['retryAfterSeconds'] ?? 0);
      if (seconds > 0) return say(words, 'tooMany', { count: seconds });
    }
    if (error.code === 'INTERNAL_SERVER_ERROR') return say(words, 'failed', { id: error.requestId ?? '' });
    const [field] = error.fields;
    if (field && error.fields.length === 1 && language() === 'en') return field.message;
    if (language() === 'en') return error.message;
    return own(error.reason) ?? own(field?.code) ?? own(error.code) ?? error.message;
  }
  if (error instanceof ConnectionError) return say(words, 'unreachable');
  return error instanceof Error ? error.message : String(error);
}

/**
 * What is wrong with each field of a form, by the name of its input: the path below `input`, with dots
 * (`lines.0.quantity`). For `validationErrors` of `Form`.
 */
export function fieldProblems(error: unknown): Record<string, string> {
  if (!(error instanceof PasserelleError)) return {};
  return Object.fromEntries(
    error.fields.map(({ path, code, message }) => [
      path.filter((part, index) => index > 0 || part !== 'input').join('.'),
      language() === 'en' ? message : (own(code) ?? message),
    ]),
  );
}

/** The sentence beside a form's fields: none when each problem stands at a field that is shown. */
export function formProblem(error: unknown, shown: readonly string[] = []): string | undefined {
  if (!error) return undefined;
  const names = Object.keys(fieldProblems(error));
  if (names.length > 0 && names.every((name) => shown.includes(name))) return undefined;
  return problemText(error);
}

export const hasReason = (error: unknown, reason: string): boolean =>
  error instanceof PasserelleError && error.reason === reason;
