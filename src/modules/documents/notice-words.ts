export const linkToDocument = (documentId: string): string => `/documents/${documentId}`;

/** Papers of an office that are feminine; the others are taken as « un document ». */
const feminineNouns =
  'attestation|commande|convention|correspondance|demande|déclaration|facture|fiche|lettre|note|offre|pièce|police|' +
  'quittance';
const feminine = new RegExp(`^(${feminineNouns})s?(?!\\p{L})`, 'iu');

/** A French participle that agrees with the title's first word: « Facture EDF soumise », « Contrat EDF soumis ». */
export const agreeing = (participle: string, title: string): string =>
  feminine.test(title) ? `${participle}e` : participle;
