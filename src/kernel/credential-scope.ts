import { registerEnumType } from 'type-graphql';
import type { Scope } from './viewer.js';

/** The scopes as the graph names them. */
export const CredentialScope = {
  READ: 'read',
  WRITE: 'write',
  ADMIN: 'admin',
  WEBHOOKS: 'webhooks',
  INTEGRATIONS: 'integrations',
} as const satisfies Record<Uppercase<Scope>, Scope>;

registerEnumType(CredentialScope, {
  name: 'CredentialScope',
  description: 'What a token or a key may do at most, of what its person may.',
  valuesConfig: {
    READ: { description: 'Read.' },
    WRITE: { description: 'Change; also its own person. What answers with what it changed needs `READ` too.' },
    ADMIN: { description: 'Administer: people, roles and keys.' },
    WEBHOOKS: { description: 'Manage webhooks.' },
    INTEGRATIONS: { description: 'Manage integrations.' },
  },
});
