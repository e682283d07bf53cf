import type { Language } from '../lib/language.js';

interface CardWords {
  title: string;
  text: string;
}

/** What the home page says. */
export interface HomeWords {
  description: string;
  skip: string;
  main: string;
  reference: string;
  explorer: string;
  console: string;
  /** Leads to the console. */
  open: string;
  /** Around the setting that it names. */
  demo: { title: string; text: string; end: string };
  headline: string;
  lead: string;
  caption: string;
  around: CardWords;
  graph: string;
  /** By the names of the dialects. */
  apis: Readonly<Record<string, CardWords>>;
  plugins: string;
  others: string;
  /** By their paths. */
  doors: Readonly<Record<string, CardWords>>;
  shell: CardWords;
}

export const homeWords: Readonly<Record<Language, HomeWords>> = {
  en: {
    description: 'One GraphQL graph for a firm’s back office, and the REST APIs that its programs already speak.',
    skip: 'Skip to the content',
    main: 'Main',
    reference: 'REST reference',
    explorer: 'GraphQL explorer',
    console: 'Console',
    open: 'Open the console',
    demo: {
      title: 'Demo data.',
      text: 'The firm, its people and its invoices are made up. Start with',
      end: ' for an empty system.',
    },
    headline: 'One graph for the whole back office',
    lead:
      'Passerelle holds a firm’s people, documents and invoices in one GraphQL graph with live ' +
      'subscriptions, and keeps speaking the REST APIs that its programs already use.',
    caption: 'A person, invoices and documents in one request',
    around: {
      title: 'One graph, and the REST APIs around it',
      text:
        'Each REST API keeps its own addresses, words and errors. All share one directory of people, and ' +
        'any credential opens any door.',
    },
    graph: 'Everything, joined: queries, mutations and live subscriptions, with completion and documentation.',
    apis: {
      xcore: { title: 'xcore', text: 'Sign-in, administration and monitoring.' },
      archidrive: { title: 'ArchiDrive', text: 'People, invoices, payments and reminders.' },
      smartleakpro: { title: 'SmartLeakPro', text: 'Clients, interventions, planning, media and reports.' },
      budget: { title: 'Budget', text: 'Bank accounts, transactions, budgets and statistics.' },
      kdocs: { title: 'K-Docs', text: 'Documents: filing, search, approval and sharing.' },
      'kdocs-session': { title: 'K-Docs: session', text: 'How a session of K-Docs is opened and closed.' },
      'kdocs-shared': { title: 'K-Docs: share links', text: 'The pages that a share link opens.' },
      'smartleakpro-visits': {
        title: 'SmartLeakPro: pages for clients',
        text: 'The pages that the link of a client to an appointment opens.',
      },
    },
    plugins: 'Pages of plugins',
    others: 'Other doors',
    doors: {
      '/console/': { title: 'Console', text: 'Where people work: documents, decisions, money, fieldwork.' },
      '/kdocs/login': { title: 'K-Docs sign-in', text: 'Opens a browser session with a plain form, without scripts.' },
      '/health': { title: 'Health', text: 'Whether the server and what it depends on are well.' },
      '/metrics': { title: 'Metrics', text: 'Requests, durations and pools, for Prometheus.' },
    },
    shell: {
      title: 'From a terminal',
      text: 'Sign in, keep the token, ask the graph. The first start of the server printed the password.',
    },
  },
  fr: {
    description:
      'Un graphe GraphQL pour la gestion d’une entreprise, et les API REST que parlent déjà ses ' + 'programmes.',
    skip: 'Aller au contenu',
    main: 'Principal',
    reference: 'Référence REST',
    explorer: 'Explorateur GraphQL',
    console: 'Console',
    open: 'Ouvrir la console',
    demo: {
      title: 'Données de démonstration.',
      text: 'L’entreprise, ses personnes et ses factures sont inventées. Démarrez avec',
      end: ' pour un système vide.',
    },
    headline: 'Un seul graphe pour toute la gestion',
    lead:
      'Passerelle réunit les personnes, les documents et les factures d’une entreprise dans un graphe ' +
      'GraphQL avec des abonnements en direct, et parle toujours les API REST que ses programmes utilisent déjà.',
    caption: 'Une personne, des factures et des documents en une requête',
    around: {
      title: 'Un graphe, et les API REST autour',
      text:
        'Chaque API REST garde ses adresses, ses mots et ses erreurs. Toutes partagent un annuaire, et ' +
        'chaque accès ouvre toutes les portes.',
    },
    graph: 'Tout, relié : requêtes, mutations et abonnements en direct, avec complétion et documentation.',
    apis: {
      xcore: { title: 'xcore', text: 'Connexion, administration et surveillance.' },
      archidrive: { title: 'ArchiDrive', text: 'Personnes, factures, paiements et relances.' },
      smartleakpro: { title: 'SmartLeakPro', text: 'Clients, interventions, planning, médias et rapports.' },
      budget: { title: 'Budget', text: 'Comptes bancaires, transactions, budgets et statistiques.' },
      kdocs: { title: 'K-Docs', text: 'Documents : classement, recherche, validation et partage.' },
      'kdocs-session': { title: 'K-Docs : session', text: 'L’ouverture et la fermeture d’une session K-Docs.' },
      'kdocs-shared': { title: 'K-Docs : liens de partage', text: 'Les pages qu’ouvre un lien de partage.' },
      'smartleakpro-visits': {
        title: 'SmartLeakPro : pages des clients',
        text: 'Les pages qu’ouvre le lien d’un client vers son rendez-vous.',
      },
    },
    plugins: 'Pages des plugins',
    others: 'Autres portes',
    doors: {
      '/console/': { title: 'Console', text: 'Où l’on travaille : documents, décisions, finances, terrain.' },
      '/kdocs/login': {
        title: 'Connexion à K-Docs',
        text: 'Ouvre une session du navigateur par un simple formulaire, sans scripts.',
      },
      '/health': { title: 'Santé', text: 'Si le serveur et ce dont il dépend vont bien.' },
      '/metrics': { title: 'Mesures', text: 'Requêtes, durées et connexions, pour Prometheus.' },
    },
    shell: {
      title: 'Depuis un terminal',
      text:
        'Se connecter, garder le token, interroger le graphe. Le premier démarrage du serveur a affiché ' +
        'le mot de passe.',
    },
  },
};
