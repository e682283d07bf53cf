import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface PluginEventData {
  name: string;
  version: string;
}

/** `plugin.loaded` and `plugin.reloaded` as xcore.md names them, « WebSockets ». */
export const pluginEvents = declareEvents({
  /** An installation or an upgrade is under way. */
  'plugin.progress': payload<{ step: 'fetching' | 'trying' }>(),
  'plugin.installed': payload<PluginEventData & { source: string; grants: string[] }>(),
  /** Enabled: what it brings is served. */
  'plugin.loaded': payload<PluginEventData>(),
  'plugin.reloaded': payload<PluginEventData>(),
  'plugin.upgraded': payload<PluginEventData & { from: string }>(),
  'plugin.rolled_back': payload<PluginEventData & { from: string }>(),
  'plugin.disabled': payload<PluginEventData>(),
  'plugin.failed': payload<PluginEventData & { reason: string }>(),
  'plugin.settings_changed': payload<PluginEventData & { fields: string[] }>(),
  'plugin.granted': payload<PluginEventData & { grants: string[] }>(),
  'plugin.uninstalled': payload<PluginEventData & { isDataKept: boolean }>(),
});

export type PluginEvents = PayloadsOf<typeof pluginEvents>;
