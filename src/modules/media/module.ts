import type { Module } from '../../kernel/module.js';
import { followIntoTrash, onIntervention } from '../clients/fieldwork-hooks.js';
import { hearsFieldwork } from '../clients/fieldwork.policy.js';
import { mediaEvents } from './events.js';
import { mediaJobs } from './jobs.js';
import { MediumEventResolver } from './medium-event.resolver.js';
import { MediumMutationsResolver } from './medium-mutations.resolver.js';
import { Medium } from './medium.entity.js';
import { mediumReads } from './medium.reads.js';
import { MediaOfInterventionResolver, MediumResolver } from './medium.resolver.js';
import { mediaPersonalData } from './personal-data.js';
import { purgeMedia } from './purge-media.js';

export const mediaModule: Module = {
  name: 'media',
  entities: [Medium],
  reads: [mediumReads],
  resolvers: [MediumResolver, MediumMutationsResolver, MediumEventResolver, MediaOfInterventionResolver],
  events: mediaEvents,
  jobs: mediaJobs,
  emptyTrash: purgeMedia,
  hears: { Medium: hearsFieldwork('media') },
  hooks: followIntoTrash({ media: onIntervention }),
  personalData: mediaPersonalData,
  files: [
    { query: 'select content_key as key, content_hash as sha256 from media' },
    {
      query: 'select thumbnail_key as key, null as sha256 from media where thumbnail_key is not null',
      mayBeMissing: true,
    },
  ],
};
