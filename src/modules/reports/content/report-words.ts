/** The French words of a report. Exhaustive: a kind or a status without its word does not compile. */

export type ReportKindWord = 'inspection' | 'intervention' | 'maintenance' | 'other';
export type ReportStatusWord = 'draft' | 'in_progress' | 'generated' | 'validated' | 'archived' | 'failed';
export type InterventionKindWord = 'inspection' | 'detection' | 'repair' | 'maintenance' | 'other';
export type InterventionStatusWord = 'planned' | 'in_progress' | 'validated' | 'archived';

export const reportKindTitles: Record<ReportKindWord, string> = {
  inspection: 'Rapport d’inspection',
  intervention: 'Rapport d’intervention',
  maintenance: 'Rapport de maintenance',
  other: 'Rapport',
};

export const interventionKindWords: Record<InterventionKindWord, string> = {
  inspection: 'Inspection',
  detection: 'Détection de fuite',
  repair: 'Réparation',
  maintenance: 'Maintenance',
  other: 'Autre intervention',
};

export const interventionStatusWords: Record<InterventionStatusWord, string> = {
  planned: 'Planifiée',
  in_progress: 'En cours',
  validated: 'Validée',
  archived: 'Archivée',
};

export const reportStatusWords: Record<ReportStatusWord, string> = {
  draft: 'Brouillon',
  in_progress: 'En cours',
  generated: 'Généré',
  validated: 'Validé',
  archived: 'Archivé',
  failed: 'Échec',
};

export const sectionTitles = {
  summary: 'Synthèse',
  findings: 'Constats',
  checklist: 'Points de contrôle',
  hours: 'Temps passé',
  parts: 'Pièces utilisées',
  timeline: 'Déroulement',
  closing: 'Conclusion',
  signature: 'Signature',
  photos: 'Photographies',
  attachments: 'Autres pièces',
} as const;

export const mediumKindWords = {
  photo: 'Photo',
  video: 'Vidéo',
  audio: 'Enregistrement',
  document: 'Document',
  other: 'Fichier',
} as const;

const findingKinds: Readonly<Record<string, string>> = {
  inspection: 'Inspection',
  detection: 'Détection de fuite',
  repair: 'Réparation',
  maintenance: 'Maintenance',
  visual: 'Contrôle visuel',
  acoustic: 'Écoute acoustique',
  thermal: 'Thermographie',
  pressure: 'Mise en pression',
  gas: 'Gaz traceur',
  other: 'Constat',
};

/** What was inspected: a word that we know, or the one that was given, as a heading. */
export const findingTitle = (kind: string): string =>
  findingKinds[kind.toLowerCase()] ?? capitalised(kind.replaceAll('_', ' '));

export const capitalised = (text: string): string => text.charAt(0).toLocaleUpperCase('fr') + text.slice(1);

/** What a report is called where it has no room for more: `3F2A9C41`. */
export const shortReference = (id: string): string => id.slice(0, 8).toUpperCase();
