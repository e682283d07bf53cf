import type { FrenchWords } from '../engine/words.js';

const listed = (value: unknown): string => (Array.isArray(value) ? value.join(' ; ') : String(value ?? ''));

/** What was found is told as it was found, in the words of the plugin or of GraphQL. */
export const pluginReasons: FrenchWords['reasons'] = {
  'plugin.changed_meanwhile': 'Des plugins sont modifiés en même temps : réessayez',
  'plugin.unavailable': 'Ce processus ne sert pas encore de plugins',
  'plugin.source': ({ reason }) => `Ce plugin ne peut pas être installé : ${listed(reason)}`,
  'plugin.dependencies': ({ words }) => `Plugins requis : ${listed(words)}`,
  'plugin.needed': ({ by }) => `D'autres plugins en dépendent : ${listed(by)}`,
  'plugin.clash': ({ reasons }) => `Conflit : ${listed(reasons)}`,
  'plugin.invalid': ({ reasons }) => `Ce plugin ne peut pas être servi : ${listed(reasons)}`,
  'plugin.broken': ({ reason }) => `Ce plugin ne démarre pas : ${listed(reason)}`,
  'plugin.grants_needed': ({ added }) => `Cette version demande des capacités à accorder : ${listed(added)}`,
  'plugin.same_version': 'Cette version est déjà installée',
  'plugin.no_former_version': "Aucune version précédente n'est conservée",
};
