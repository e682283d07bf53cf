import { french, type Words } from '../engine/words.js';

const base = french({
  notFound: { User: 'Utilisateur non trouvé', ApiToken: 'Token API non trouvé', Passkey: 'Passkey non trouvée' },
  reasons: {
    bad_credential: 'Token invalide ou expiré',
    bad_refresh_token: 'Token de rafraîchissement invalide ou expiré',
    registration_closed: "L'inscription est fermée",
    session_needed: 'Cette action demande un JWT, pas un token API',
    'passkey.registered': 'Cette passkey est déjà enregistrée',
    'passkey.last': "C'est le seul accès au compte : ajoutez d'abord une autre passkey ou un mot de passe",
    'webauthn.registration': "La passkey n'a pas pu être enregistrée : recommencez l'enregistrement",
    'webauthn.login': "La passkey n'ouvre aucun compte : recommencez la connexion",
    'webauthn.user_verification':
      "La double authentification est active : la passkey doit vérifier l'utilisateur (code ou biométrie)",
  },
});

/** The messages of budget.md, and the French ones for the rest. */
export const budgetWords: Words = {
  ...base,
  field: (code) => (code === 'required' ? 'Ce champ est requis' : base.field(code)),
  problem: (problem) =>
    problem.code === 'BAD_USER_INPUT' && problem.reason === undefined
      ? 'Les données fournies sont invalides'
      : base.problem(problem),
};
