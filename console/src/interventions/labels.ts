import { defineWords } from '../i18n/words';

/** In the order in which an intervention moves on. */
export const statuses = ['PLANNED', 'IN_PROGRESS', 'VALIDATED', 'ARCHIVED'] as const;
export const kinds = ['INSPECTION', 'DETECTION', 'REPAIR', 'MAINTENANCE', 'OTHER'] as const;
export const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'] as const;

export const statusTones = { PLANNED: 'info', IN_PROGRESS: 'warn', VALIDATED: 'good', ARCHIVED: 'plain' } as const;
export const priorityTones = { URGENT: 'bad', HIGH: 'warn', NORMAL: 'plain', LOW: 'plain' } as const;
export const reportTones = {
  DRAFT: 'plain',
  IN_PROGRESS: 'info',
  GENERATED: 'good',
  VALIDATED: 'good',
  ARCHIVED: 'plain',
  FAILED: 'bad',
} as const;

export const statusWords = defineWords(
  'interventions.status',
  { PLANNED: 'Planned', IN_PROGRESS: 'In progress', VALIDATED: 'Validated', ARCHIVED: 'Archived' },
  { PLANNED: 'Planifiée', IN_PROGRESS: 'En cours', VALIDATED: 'Validée', ARCHIVED: 'Archivée' },
);

export const kindWords = defineWords(
  'interventions.kind',
  {
    INSPECTION: 'Inspection',
    DETECTION: 'Leak detection',
    REPAIR: 'Repair',
    MAINTENANCE: 'Maintenance',
    OTHER: 'Other',
  },
  {
    INSPECTION: 'Inspection',
    DETECTION: 'Recherche de fuite',
    REPAIR: 'Réparation',
    MAINTENANCE: 'Entretien',
    OTHER: 'Autre',
  },
);

export const priorityWords = defineWords(
  'interventions.priority',
  { URGENT: 'Urgent', HIGH: 'High', NORMAL: 'Normal', LOW: 'Low' },
  { URGENT: 'Urgente', HIGH: 'Haute', NORMAL: 'Normale', LOW: 'Basse' },
);

export const reportStatusWords = defineWords(
  'reports.status',
  {
    DRAFT: 'Draft',
    IN_PROGRESS: 'Being made',
    GENERATED: 'Made',
    VALIDATED: 'Validated',
    ARCHIVED: 'Archived',
    FAILED: 'Failed',
  },
  {
    DRAFT: 'Brouillon',
    IN_PROGRESS: 'En cours',
    GENERATED: 'Prêt',
    VALIDATED: 'Validé',
    ARCHIVED: 'Archivé',
    FAILED: 'Échec',
  },
);

export const frequencyWords = defineWords(
  'contracts.frequency',
  {
    DAILY_one: 'Every day',
    DAILY_other: 'Every {{count}} days',
    WEEKLY_one: 'Every week',
    WEEKLY_other: 'Every {{count}} weeks',
    MONTHLY_one: 'Every month',
    MONTHLY_other: 'Every {{count}} months',
    YEARLY_one: 'Every year',
    YEARLY_other: 'Every {{count}} years',
  },
  {
    DAILY_one: 'Chaque jour',
    DAILY_other: 'Tous les {{count}} jours',
    WEEKLY_one: 'Chaque semaine',
    WEEKLY_other: 'Toutes les {{count}} semaines',
    MONTHLY_one: 'Chaque mois',
    MONTHLY_other: 'Tous les {{count}} mois',
    YEARLY_one: 'Chaque année',
    YEARLY_other: 'Tous les {{count}} ans',
  },
);
