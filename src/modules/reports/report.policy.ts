import { hearsFieldwork, visibleFieldwork } from '../clients/fieldwork.policy.js';

export const visibleReports = visibleFieldwork('reports');

export const mayHearOfReport = hearsFieldwork('reports');
