import type { FieldCode } from '../../lib/error-catalog.js';
import { french, type Words } from '../engine/words.js';

const base = french({
  notFound: {
    User: 'Utilisateur non trouvé',
    ApiToken: 'Token API non trouvé',
    WebhookEndpoint: 'Webhook non trouvé',
    WebhookDelivery: 'Livraison non trouvée',
    Passkey: 'Passkey non trouvée',
    BankAccount: 'Compte non trouvé',
    AccountShare: 'Partage non trouvé',
    Transaction: 'Transaction non trouvée',
    Receipt: 'Justificatif non trouvé',
    Reconciliation: 'Rapprochement non trouvé',
    Transfer: 'Virement non trouvé',
    Category: 'Catégorie non trouvée',
    CategorizationRule: 'Règle de catégorisation non trouvée',
    RecurrenceRule: 'Règle de récurrence non trouvée',
    BankImport: 'Import non trouvé',
    Budget: 'Budget non trouvé',
  },
  reasons: {
    'account.insufficient_balance': "Solde insuffisant : un compte d'épargne ne peut pas être à découvert",
    'account.none_current': 'Aucun compte actif trouvé.',
    'account.read_only': 'Ce compte est partagé avec vous en lecture seule',
    'account.not_own': 'Seul le titulaire modifie, partage ou supprime un compte',
    'recurrence.stopped': 'Cette règle de récurrence est arrêtée : une autre la remplace',
    'document.empty_file': 'Le fichier est vide',
    'document.unsupported_type': 'Ce type de fichier n’est pas accepté',
    'document.duplicate': 'Ce fichier est déjà archivé',
    'document.read_only': 'Vous ne pouvez pas modifier ce document',
    'transaction.reconciled': 'Cette transaction est pointée : annulez d’abord le rapprochement',
    'category.global': 'Une catégorie globale ne peut être ni modifiée ni supprimée',
    'category.not_own': "Cette catégorie est celle d'une autre personne",
    'import.no_header':
      'Aucune ligne du fichier ne nomme une colonne de date et une de montant (ou de débit et de crédit) : ' +
      'indiquez les colonnes dans `mapping`',
    'import.decimal_unclear':
      'Les montants se contredisent sur le signe des décimales : indiquez `decimal` dans `mapping`',
    'import.several_accounts': 'Le fichier contient les opérations de plusieurs comptes : exportez un compte à la fois',
    'import.too_many_rows': 'Le fichier contient plus de 10 000 opérations : exportez une période plus courte',
    'import.line_errors': "Des lignes du fichier sont en erreur : rien n'a été importé",
    duplicate: 'Cette valeur existe déjà',
    bad_credential: 'Token invalide ou expiré',
    bad_refresh_token: 'Token de rafraîchissement invalide ou expiré',
    registration_closed: "L'inscription est fermée",
    session_needed: 'Cette action demande un JWT, pas un token API',
    'webhook.inactive': "Ce webhook est désactivé : réactivez-le d'abord",
    'passkey.registered': 'Cette passkey est déjà enregistrée',
    'passkey.last': "C'est le seul accès au compte : ajoutez d'abord une autre passkey ou un mot de passe",
    'webauthn.registration': "La passkey n'a pas pu être enregistrée : recommencez l'enregistrement",
    'webauthn.login': "La passkey n'ouvre aucun compte : recommencez la connexion",
    'webauthn.user_verification':
      "La double authentification est active : la passkey doit vérifier l'utilisateur (code ou biométrie)",
  },
});

/** Decimal text as French writes it; without currency, which the problem does not know. */
const frenchAmount = (amount: unknown): string => String(amount).replace('.', ',');

/** Sentences with a number of the problem's details. */
const counted: Readonly<Partial<Record<string, (details: Record<string, unknown>) => string>>> = {
  'account.in_use': ({ transactions }) =>
    `Le compte a ${String(transactions)} transaction(s) : ajoutez \`force=true\` pour les supprimer avec lui`,
  'transaction.in_transfer': ({ transferId }) =>
    `Cette transaction fait partie du virement ${String(transferId)} : modifiez ou supprimez le virement`,
  'reconciliation.difference': ({ difference, reconciledBalance }) =>
    `Écart de ${frenchAmount(difference)} entre le relevé et le solde pointé, ${frenchAmount(reconciledBalance)} : ` +
    "rien n'a été pointé",
  'statement.too_many_rows': ({ limit }) =>
    `Un relevé porte au plus ${String(limit)} transactions : choisissez une période plus courte`,
  'reconciliation.not_latest': ({ latestId }) => `Annulez d'abord le rapprochement ${String(latestId)}, plus récent`,
  'category.in_use': ({ uses }) => `Cette catégorie est utilisée ${String(uses)} fois`,
};

/** What is wrong with a field, where its code alone does not tell what to do; the first that fits. */
const remedies: readonly { code: FieldCode; name: RegExp; message: string }[] = [
  {
    code: 'required',
    name: /^splits$/,
    message: 'Donnez de nouveau les parts : leur somme doit être le nouveau montant',
  },
  { code: 'required', name: /^/, message: 'Ce champ est requis' },
  { code: 'invalid', name: /^splits$/, message: 'La somme des parts doit être le montant de la transaction' },
  { code: 'unknown_reference', name: /^(from_|to_)?account_id$/, message: 'Compte invalide ou inexistant' },
  { code: 'unknown_reference', name: /(^|\.)category_id$/, message: 'Catégorie invalide ou inexistante' },
  { code: 'unknown_reference', name: /^account_type_id$/, message: 'Type de compte inexistant' },
  { code: 'unknown_reference', name: /^transaction_ids\./, message: "Aucune transaction de ce compte n'a ce numéro" },
  { code: 'too_large', name: /^transaction_ids\./, message: 'Cette transaction est postérieure au relevé' },
  { code: 'unknown_reference', name: /^email$/, message: "Aucune personne active n'a cette adresse" },
  { code: 'not_allowed', name: /^email$/, message: "C'est votre propre adresse" },
  { code: 'not_allowed', name: /^id$/, message: 'Seul un compte joint peut être partagé' },
  { code: 'not_allowed', name: /^to_account_id$/, message: 'Les deux comptes doivent avoir la même devise' },
  { code: 'invalid', name: /^to_account_id$/, message: "Le compte d'arrivée doit être un autre compte" },
  { code: 'not_allowed', name: /^balance$/, message: 'Seules les transactions font bouger le solde' },
  { code: 'not_allowed', name: /^currency$/, message: 'La devise ne change plus une fois que le compte a servi' },
  { code: 'invalid', name: /^currency$/, message: 'Code de devise ISO 4217 inconnu' },
  {
    code: 'not_allowed',
    name: /^account_type_id$/,
    message: "Un compte partagé reste un compte joint : cessez d'abord de le partager",
  },
];

/** The messages of budget.md, and the French ones for the rest. */
export const budgetWords: Words = {
  ...base,
  field: (code, name = '', known) =>
    remedies.find((remedy) => remedy.code === code && remedy.name.test(name))?.message ?? base.field(code, name, known),
  problem: (problem) =>
    problem.code === 'BAD_USER_INPUT' && problem.reason === undefined
      ? 'Les données fournies sont invalides'
      : (counted[problem.reason ?? '']?.(problem.details ?? {}) ?? base.problem(problem)),
};
