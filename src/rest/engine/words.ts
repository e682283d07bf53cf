import { z } from 'zod';
import { type ErrorReason, type FieldCode, isReason } from '../../lib/error-catalog.js';
import type { Language } from '../../lib/language.js';
import type { Problem } from './route.js';

/** The messages of a dialect, in its language. */
export interface Words {
  language: Language;
  /** zod's messages for what the shapes refuse. */
  locale: z.core.$ZodErrorMap;
  /**
   * The message for a missing field, and for a field that the graph refuses, which `name` calls by the dialect's own
   * name. `known`: the values that there are, to be told. Undefined keeps zod's message, or the graph's English one.
   */
  field(code: FieldCode, name?: string, known?: readonly string[]): string | undefined;
  /** The message for a key that the route does not know. */
  unknownKey: string;
  /** How many problems are told, and how many there were, for the end of the message. */
  someOf(told: number, all: number): string;
  /** The message for the problem as a whole. Undefined keeps the English one. */
  problem(problem: Pick<Problem, 'code' | 'subject' | 'message' | 'details'> & { reason?: string }): string | undefined;
}

export const english: Words = {
  language: 'en',
  locale: z.locales.en().localeError,
  field: (code) => (code === 'required' ? 'This field is required' : undefined),
  unknownKey: 'Unknown field',
  someOf: (told, all) => `the first ${told} of ${all} problems`,
  problem: () => undefined,
};

type SentenceOf = (details: Readonly<Record<string, unknown>>) => string | undefined;

export interface FrenchWords {
  /** Whole sentences by graph type, since gender matters: `{ Invoice: 'Facture non trouvée' }`. */
  notFound?: Readonly<Record<string, string>>;
  /**
   * Whole sentences by reason: `{ 'approval.decided': 'Ce document a déjà été validé' }`, or made of what the error
   * carries, its `details`; undefined for want of them.
   */
  reasons?: Readonly<Partial<Record<ErrorReason, string | SentenceOf>>>;
}

const frenchFields: Record<FieldCode, string> = {
  required: 'Ce champ est obligatoire',
  invalid: 'Valeur invalide',
  invalid_format: 'Format invalide',
  too_short: 'Valeur trop courte',
  too_long: 'Valeur trop longue',
  too_small: 'Valeur trop petite',
  too_large: 'Valeur trop grande',
  unknown_reference: "Cet élément n'existe pas",
  duplicate: 'Cette valeur existe déjà',
  not_allowed: "Cette valeur n'est pas autorisée",
  weak_password: 'Au moins 8 caractères, dont une majuscule, une minuscule, un chiffre et un caractère spécial',
};

const frenchProblems: Record<Problem['code'], string> = {
  UNAUTHENTICATED: 'Authentification requise',
  FORBIDDEN: 'Accès refusé',
  NOT_FOUND: 'Ressource non trouvée',
  BAD_USER_INPUT: 'Données invalides',
  CONFLICT: "Conflit avec l'état actuel",
  PAYLOAD_TOO_LARGE: 'Contenu trop volumineux',
  UNSUPPORTED_MEDIA_TYPE: 'Type de contenu non pris en charge',
  RATE_LIMITED: 'Trop de requêtes',
  UNAVAILABLE: 'Service momentanément indisponible',
  INTERNAL_SERVER_ERROR: 'Erreur interne du serveur',
  MALFORMED_JSON: 'JSON mal formé',
  MALFORMED_REQUEST: 'Requête mal formée',
  METHOD_NOT_ALLOWED: 'Méthode non autorisée',
  RANGE_NOT_SATISFIABLE: 'Plage demandée invalide',
};

/** Reasons that are not a dialect's own. */
const frenchReasons: Readonly<Partial<Record<ErrorReason, string>>> = {
  too_many: "Le nombre maximal est atteint : supprimez-en ou révoquez-en d'abord",
  answer_too_large: 'La réponse serait trop volumineuse : demandez moins de lignes ou de champs',
  answers_under_way: "Trop de réponses sont en cours : lisez-les d'abord",
  'idempotency.mismatch': "Cette clé d'idempotence a déjà servi à une autre requête",
  'idempotency.in_progress': "La première requête avec cette clé d'idempotence est encore en cours",
  'idempotency.answer_lost':
    "La première requête avec cette clé d'idempotence a été exécutée, mais sa réponse est perdue : " +
    "consultez l'état actuel",
  'files.no_space': "Il n'y a plus assez de place sur le disque du serveur : réessayez plus tard",
  'invoice.not_drawn': 'Le PDF est trop long à dessiner',
  'categorization.rules_changed': 'Les règles de catégorisation ont été modifiées entre-temps : renvoyez le fichier',
  'categorization.too_slow': 'Les règles de catégorisation prennent trop de temps pour autant de transactions',
  'search.prefixes': "La recherche a trop de débuts de mots (« mot* »), ou l'un d'eux est trop court",
  'search.busy': 'Trop de recherches à la fois : réessayez dans quelques secondes',
  'search.too_slow': 'La recherche prend trop de temps : cherchez des mots plus longs, ou moins de mots',
};

export function french({ notFound = {}, reasons = {} }: FrenchWords = {}): Words {
  return {
    language: 'fr',
    locale: z.locales.fr().localeError,
    field: (code, _name, known) =>
      known ? `${frenchFields[code]} ; connus : ${known.join(', ')}` : frenchFields[code],
    unknownKey: 'Champ inconnu',
    someOf: (told, all) => `les ${told} premiers de ${all} problèmes`,
    problem: ({ code, subject, reason, details = {} }) =>
      (isReason(reason) ? sentence(reasons[reason] ?? frenchReasons[reason], details) : undefined) ??
      (code === 'NOT_FOUND' && subject !== undefined ? notFound[subject] : undefined) ??
      frenchProblems[code],
  };
}

const sentence = (words: string | SentenceOf | undefined, details: Readonly<Record<string, unknown>>) =>
  typeof words === 'function' ? words(details) : words;
