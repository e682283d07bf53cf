import { registerEnumType } from 'type-graphql';

/** What an event did to its subject, in the words that logs of other systems use. */
export enum AuditAction {
  CREATE = 'create',
  UPDATE = 'update',
  DELETE = 'delete',
  LOGIN = 'login',
  LOGIN_FAILED = 'login_failed',
}

registerEnumType(AuditAction, {
  name: 'AuditAction',
  description: 'What an event did to its subject, coarser than its type.',
  valuesConfig: {
    CREATE: { description: 'It is new.' },
    UPDATE: { description: 'It changed, or something happened to it.' },
    DELETE: { description: 'It is gone, in the trash, or no longer accepted.' },
    LOGIN: { description: 'The person signed in.' },
    LOGIN_FAILED: { description: 'Somebody tried to sign in as the person, or as nobody known.' },
  },
});

/** By the second part of an event's name; every other is an update. */
const actions: Readonly<Record<string, AuditAction>> = {
  created: AuditAction.CREATE,
  registered: AuditAction.CREATE,
  added: AuditAction.CREATE,
  uploaded: AuditAction.CREATE,
  deleted: AuditAction.DELETE,
  removed: AuditAction.DELETE,
  erased: AuditAction.DELETE,
  purged: AuditAction.DELETE,
  trashed: AuditAction.DELETE,
  revoked: AuditAction.DELETE,
  login: AuditAction.LOGIN,
  login_failed: AuditAction.LOGIN_FAILED,
};

/** What an event of this type did: `document.created` is CREATE. */
export function actionOf(type: string): AuditAction {
  const verb = type.slice(type.indexOf('.') + 1);
  return Object.hasOwn(actions, verb) ? (actions[verb] as AuditAction) : AuditAction.UPDATE;
}
