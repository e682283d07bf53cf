import { hearsFieldwork, visibleFieldwork } from '../clients/fieldwork.policy.js';

export const visibleAppointments = visibleFieldwork('appointments');

export const mayHearOfAppointment = hearsFieldwork('appointments');
