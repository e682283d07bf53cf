import type { Module } from '../../kernel/module.js';
import { ClientEventResolver } from './client-event.resolver.js';
import { Client } from './client.entity.js';
import { clientReads } from './client.reads.js';
import { ClientResolver } from './client.resolver.js';
import { fillClientsDemo } from './demo.js';
import { clientEvents } from './events.js';
import { hearsFieldwork } from './fieldwork.policy.js';
import { clientPersonalData } from './personal-data.js';
import { purgeClients } from './purge-clients.js';

export const clientsModule: Module = {
  name: 'clients',
  entities: [Client],
  reads: [clientReads],
  resolvers: [ClientResolver, ClientEventResolver],
  events: clientEvents,
  emptyTrash: purgeClients,
  hears: { Client: hearsFieldwork('clients') },
  personalData: clientPersonalData,
  demo: fillClientsDemo,
};
