import type { PersonalData } from '../../kernel/personal-data.js';

/** A plugin is the firm's: who installed it lends it their rights for its tasks and handlers. */
export const pluginPersonalData: PersonalData = {
  references: {
    'plugins.run_as_id': {
      export: { none: 'plugins are the firm’s; who installed one is in the log' },
      erasure: { kept: 'the plugin stays, with the rights of nobody' },
    },
  },
};
