import type { Services } from '../../kernel/context.js';
import { IntegrationKind } from './integration.entity.js';

export enum ConfigurationFieldType {
  URL = 'url',
  TEXT = 'text',
  SECRET = 'secret',
  NUMBER = 'number',
  LIST = 'list',
  HEADERS = 'headers',
}

export interface ConfigurationField {
  name: string;
  type: ConfigurationFieldType;
  isRequired: boolean;
}

interface KindDefinition {
  /** Whether events are delivered. */
  isAvailable: boolean;
  configurationFields: readonly ConfigurationField[];
}

const { URL: url, TEXT: text, SECRET: secret, NUMBER: number, LIST: list, HEADERS: headers } = ConfigurationFieldType;
const required = (name: string, type: ConfigurationFieldType): ConfigurationField => ({ name, type, isRequired: true });
const optional = (name: string, type: ConfigurationFieldType): ConfigurationField => ({
  name,
  type,
  isRequired: false,
});

/** The keys of a configuration are the document's (smartleakpro.md, « POST /integrations/ »). */
const byWebhook: KindDefinition = {
  isAvailable: true,
  configurationFields: [required('webhook_url', url), optional('api_key', secret), optional('evenements', list)],
};

export const integrationKinds: Readonly<Record<IntegrationKind, KindDefinition>> = {
  [IntegrationKind.ZAPIER]: byWebhook,
  [IntegrationKind.N8N]: byWebhook,
  [IntegrationKind.CUSTOM]: {
    isAvailable: true,
    configurationFields: [
      required('webhook_url', url),
      optional('api_key', secret),
      optional('auth_type', text),
      optional('headers', headers),
      optional('secret', secret),
      optional('evenements', list),
    ],
  },
  [IntegrationKind.SALESFORCE]: {
    isAvailable: false,
    configurationFields: [
      required('instance_url', url),
      required('client_id', text),
      required('client_secret', secret),
      optional('username', text),
      optional('password', secret),
    ],
  },
  [IntegrationKind.HUBSPOT]: {
    isAvailable: false,
    configurationFields: [required('api_key', secret), optional('portal_id', text)],
  },
  [IntegrationKind.MAILCHIMP]: {
    isAvailable: false,
    configurationFields: [required('api_key', secret), optional('list_id', text)],
  },
  [IntegrationKind.MQTT]: {
    isAvailable: false,
    configurationFields: [
      required('broker_url', text),
      optional('port', number),
      optional('username', text),
      optional('password', secret),
      optional('topic', text),
    ],
  },
};

/** The words that a configuration may narrow events to, sorted. */
export const documentedWords = ({ eventPayloads }: Pick<Services, 'eventPayloads'>): string[] =>
  [...new Set(eventPayloads.documented.values())].toSorted();

/** The events of the log that a word stands for. */
export const eventsOfWord = ({ eventPayloads }: Pick<Services, 'eventPayloads'>, word: string): string[] =>
  [...eventPayloads.documented].flatMap(([name, documented]) => (documented === word ? [name] : []));
