import { language } from './language.js';

/** What the explorer's bar says. */
export const words = {
  en: {
    explorer: 'GraphQL explorer',
    reference: 'REST reference',
    examples: 'Examples',
    exampleQueries: 'Example queries',
    readSchema: 'Sign in to read the schema.',
    withIt:
      'Completion, documentation and answers come with it. The server’s first start printed the administrator’s password.',
    signIn: 'Sign in',
    signingIn: 'Signing in…',
    signOut: 'Sign out',
    cancel: 'Cancel',
    whence: ['The first start of the server printed the password of its administrator;', 'makes and prints another.'],
    inThisTab: 'The access token stays in this tab and ends with it.',
    username: 'User name or e-mail',
    password: 'Password',
    code: 'Code of your app, or a recovery code',
  },
  fr: {
    explorer: 'Explorateur GraphQL',
    reference: 'Référence REST',
    examples: 'Exemples',
    exampleQueries: 'Exemples de requêtes',
    readSchema: 'Connectez-vous pour lire le schéma.',
    withIt:
      'La complétion, la documentation et les réponses viennent avec. Le premier démarrage du serveur a affiché le mot de passe de l’administrateur.',
    signIn: 'Se connecter',
    signingIn: 'Connexion…',
    signOut: 'Se déconnecter',
    cancel: 'Annuler',
    whence: [
      'Le premier démarrage du serveur a affiché le mot de passe de son administrateur ;',
      'en fait et en affiche un autre.',
    ],
    inThisTab: 'Le token d’accès reste dans cet onglet et finit avec lui.',
    username: 'Identifiant ou e-mail',
    password: 'Mot de passe',
    code: 'Code de votre application, ou code de récupération',
  },
}[language];
