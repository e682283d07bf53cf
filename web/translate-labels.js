/*
 * The labels of GraphiQL, Redoc and Swagger UI, which speak English only, in the language of the page. A label is
 * replaced when it is the whole of its text, title or name; what people and contracts wrote is left alone.
 */
import { language } from './language.js';

const french = {
  // GraphiQL
  'Run Operation': 'Exécuter',
  'Execute query (Ctrl-Enter)': 'Exécuter (Ctrl-Entrée)',
  'Stop query (Ctrl-Enter)': 'Arrêter (Ctrl-Entrée)',
  'Prettify query (Shift-Ctrl-P)': 'Mettre en forme (Maj-Ctrl-P)',
  'Merge fragments into query (Shift-Ctrl-M)': 'Fondre les fragments dans la requête (Maj-Ctrl-M)',
  'Copy query (Shift-Ctrl-C)': 'Copier la requête (Maj-Ctrl-C)',
  'Show Documentation Explorer': 'Ouvrir la documentation',
  'Hide Documentation Explorer': 'Fermer la documentation',
  'Show History': 'Ouvrir l’historique',
  'Hide History': 'Fermer l’historique',
  'Re-fetch GraphQL schema': 'Relire le schéma GraphQL',
  'Open short keys dialog': 'Voir les raccourcis',
  'Open settings dialog': 'Ouvrir les réglages',
  'New tab': 'Nouvel onglet',
  'Close Tab': 'Fermer l’onglet',
  'Show editor tools': 'Ouvrir les outils',
  'Hide editor tools': 'Fermer les outils',
  'Operation Editor': 'Éditeur de requêtes',
  'Editor Commands': 'Commandes de l’éditeur',
  'Result Window': 'Réponse',
  'Documentation Explorer': 'Documentation',
  Documentation: 'Documentation',
  Docs: 'Documentation',
  History: 'Historique',
  Variables: 'Variables',
  Headers: 'En-têtes',
  'Root Types': 'Types racines',
  'All Schema Types': 'Tous les types du schéma',
  'A GraphQL schema provides a root type for each kind of operation.':
    'Un schéma GraphQL donne un type racine à chaque sorte d’opération.',
  Fields: 'Champs',
  Arguments: 'Arguments',
  Type: 'Type',
  Implements: 'Implémente',
  'Enum Values': 'Valeurs',
  'Show Deprecated Fields': 'Voir les champs dépréciés',
  Settings: 'Réglages',
  'Persist headers': 'Garder les en-têtes',
  'Save headers upon reloading.': 'Retrouve les en-têtes après rechargement.',
  'Only enable if you trust this device.': 'Seulement sur un appareil sûr.',
  Theme: 'Thème',
  'Adjust how the interface appears.': 'L’apparence de l’interface.',
  System: 'Système',
  Light: 'Clair',
  Dark: 'Sombre',
  On: 'Oui',
  Off: 'Non',
  'Clear storage': 'Vider le stockage',
  'Remove all locally stored data and start fresh.': 'Efface tout ce qui est gardé ici et repart à neuf.',
  'Clear data': 'Effacer',
  'Short Keys': 'Raccourcis',
  // Redoc
  'Search...': 'Rechercher…',
  Search: 'Rechercher',
  'Authorizations:': 'Accès :',
  'Request Body schema:': 'Corps de la requête :',
  required: 'obligatoire',
  // After where they stand: path, query, header.
  ' Parameters': ' : paramètres',
  'Response Headers': 'En-têtes de la réponse',
  'Response Schema:': 'Schéma de la réponse :',
  'Request samples': 'Exemples de requête',
  'Response samples': 'Exemples de réponse',
  Payload: 'Corps',
  'Content type': 'Type de contenu',
  Copy: 'Copier',
  Copied: 'Copié',
  'Expand all': 'Tout ouvrir',
  'Collapse all': 'Tout fermer',
  'Default:': 'Par défaut :',
  'Example:': 'Exemple :',
  'Examples:': 'Exemples :',
  'Enum:': 'Valeurs :',
  'Value:': 'Valeur :',
  'License:': 'Licence :',
  'No results found': 'Aucun résultat',
  'Security Scheme Type:': 'Type d’accès :',
  Deprecated: 'Déprécié',
  // Swagger UI
  'Filter by tag or path': 'Filtrer par groupe ou chemin',
  Servers: 'Serveurs',
  Authorize: 'S’identifier',
  Authorized: 'Identifié',
  'Available authorizations': 'Accès possibles',
  Logout: 'Oublier',
  Close: 'Fermer',
  'Username:': 'Identifiant :',
  'Password:': 'Mot de passe :',
  Parameters: 'Paramètres',
  'No parameters': 'Sans paramètre',
  Name: 'Nom',
  Description: 'Description',
  'Try it out': 'Essayer',
  Cancel: 'Annuler',
  Reset: 'Rétablir',
  Execute: 'Exécuter',
  Clear: 'Effacer',
  'Request body': 'Corps de la requête',
  'Edit Value': 'Valeur à modifier',
  'Example Value': 'Exemple',
  Schema: 'Schéma',
  Schemas: 'Schémas',
  Examples: 'Exemples',
  'Send empty value': 'Envoyer une valeur vide',
  Responses: 'Réponses',
  Response: 'Réponse',
  'Server response': 'Réponse du serveur',
  'Response body': 'Corps de la réponse',
  'Response headers': 'En-têtes de la réponse',
  'Request URL': 'Adresse demandée',
  'Request duration': 'Durée de la requête',
  Curl: 'curl',
  Download: 'Télécharger',
  'Download file': 'Télécharger le fichier',
  Code: 'Code',
  Details: 'Détails',
  Links: 'Liens',
  'No links': 'Aucun lien',
  'Media type': 'Type de contenu',
  'Controls Accept header.': 'Choisit l’en-tête Accept.',
};

const shown = language === 'fr' ? french : Object.fromEntries(Object.keys(french).map((label) => [label, label]));
/** By the label as it is shown as well, so that what was translated is known again. */
const labels = new Map(Object.entries(shown));
const said = ['title', 'aria-label', 'placeholder'];
/** What people write and what servers answer. */
const foreign = 'pre, code, textarea, [contenteditable], .monaco-editor, .markdown';
/** Names of fields, types and operations. */
const names =
  '.graphiql-tab-button, .graphiql-history-item-label, [class^=graphiql-doc-explorer-search-], ' +
  '.graphiql-doc-explorer-type-name, .graphiql-doc-explorer-field-name, .property-name, .parameter__name';

function translateText(node) {
  const element = node.parentElement;
  const text = labels.has(node.data) ? node.data : node.data.trim();
  const own = labels.get(text);
  if (own === undefined || !element || element.matches(names) || element.closest(foreign)) return;
  if (own !== text) node.data = node.data.replace(text, own);
  // It may stand in a contract of another language.
  element.lang = language;
}

function translateNames(element) {
  if (element.closest(foreign)) return;
  for (const name of said) {
    const own = labels.get(element.getAttribute(name)?.trim());
    if (own !== undefined && own !== element.getAttribute(name)) element.setAttribute(name, own);
  }
}

function translateBelow(node) {
  if (node.nodeType === Node.TEXT_NODE) return translateText(node);
  if (node.nodeType !== Node.ELEMENT_NODE || node.closest(foreign)) return;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let each = node; each; each = walker.nextNode())
    if (each.nodeType === Node.TEXT_NODE) translateText(each);
    else translateNames(each);
}

/** Translates what is below `root`, now and whenever it changes. */
export function translateLabels(root) {
  translateBelow(root);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes)
      if (type === 'childList') for (const node of addedNodes) translateBelow(node);
      else if (type === 'characterData') translateText(target);
      else translateNames(target);
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: said });
}
