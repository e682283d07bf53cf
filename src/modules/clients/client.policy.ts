import { visibleFieldwork } from './fieldwork.policy.js';

export const visibleClients = visibleFieldwork('clients');
