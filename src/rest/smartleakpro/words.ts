import { wordPairs } from '../engine/word-pairs.js';

// DECISIONS.md, sections 2 and 9: the words without accents, which input may carry.

export const clientStatus = wordPairs({ actif: 'ACTIVE', inactif: 'INACTIVE', prospect: 'PROSPECT' });

export const interventionStatus = wordPairs({
  planifie: 'PLANNED',
  en_cours: 'IN_PROGRESS',
  valide: 'VALIDATED',
  archive: 'ARCHIVED',
});

export const interventionKind = wordPairs({
  inspection: 'INSPECTION',
  detection: 'DETECTION',
  reparation: 'REPAIR',
  maintenance: 'MAINTENANCE',
  autre: 'OTHER',
});

export const interventionPriority = wordPairs({ basse: 'LOW', normale: 'NORMAL', haute: 'HIGH', urgente: 'URGENT' });

export const appointmentStatus = wordPairs({
  planifie: 'PLANNED',
  confirme: 'CONFIRMED',
  annule: 'CANCELLED',
  termine: 'DONE',
});

export const reportKind = wordPairs({
  inspection: 'INSPECTION',
  intervention: 'INTERVENTION',
  maintenance: 'MAINTENANCE',
  autre: 'OTHER',
});

export const reportStatus = wordPairs({
  brouillon: 'DRAFT',
  en_cours: 'IN_PROGRESS',
  genere: 'GENERATED',
  valide: 'VALIDATED',
  archive: 'ARCHIVED',
  echec: 'FAILED',
});

export const reportFormat = wordPairs({ pdf: 'PDF', docx: 'DOCX', csv: 'CSV' });

export const reportListFormat = wordPairs({ csv: 'CSV', xlsx: 'XLSX', pdf: 'PDF' });

export const reportColumn = wordPairs({
  id: 'ID',
  titre: 'TITLE',
  description: 'DESCRIPTION',
  type_rapport: 'KIND',
  statut: 'STATUS',
  auteur_rapport: 'AUTHOR',
  client: 'CLIENT',
  intervention_id: 'INTERVENTION',
  type_intervention: 'INTERVENTION_KIND',
  date_creation: 'CREATED_AT',
  date_generation: 'GENERATED_AT',
  taille_fichier: 'SIZE',
  type_fichier: 'MIME_TYPE',
  version: 'VERSION',
});

export const mediumKind = wordPairs({
  photo: 'PHOTO',
  video: 'VIDEO',
  audio: 'AUDIO',
  document: 'DOCUMENT',
  autre: 'OTHER',
});

export const mediumStatus = wordPairs({ processing: 'PROCESSING', ready: 'READY', error: 'ERROR' });

export const inspectionKind = wordPairs({
  visuelle: 'VISUAL',
  acoustique: 'ACOUSTIC',
  thermique: 'THERMAL',
  gaz_traceur: 'TRACER_GAS',
  pression: 'PRESSURE',
  humidite: 'MOISTURE',
  camera: 'CAMERA',
  autre: 'OTHER',
});

export const inspectionStatus = wordPairs({ planifie: 'PLANNED', termine: 'DONE' });
