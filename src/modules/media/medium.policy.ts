import { visibleFieldwork } from '../clients/fieldwork.policy.js';

export const visibleMedia = visibleFieldwork('media');
