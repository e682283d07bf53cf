import type { Module } from '../../kernel/module.js';
import { integrationEvents } from './events.js';
import { Integration } from './integration.entity.js';
import { integrationLoaders } from './integration.loaders.js';
import { mayHearOfIntegration } from './integration.policy.js';
import { integrationReads } from './integration.reads.js';
import { IntegrationResolver } from './integration.resolver.js';
import { integrationPersonalData } from './personal-data.js';

export const integrationsModule: Module = {
  name: 'integrations',
  entities: [Integration],
  reads: [integrationReads],
  resolvers: [IntegrationResolver],
  loaders: integrationLoaders,
  events: integrationEvents,
  hears: { Integration: mayHearOfIntegration },
  personalData: integrationPersonalData,
};
