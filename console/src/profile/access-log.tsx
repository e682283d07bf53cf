import { useFormat } from '../i18n/format';
import { defineWords, useWords } from '../i18n/words';
import { EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import type { OwnAccessLogQuery } from './operations.gen';

const words = defineWords(
  'access-log',
  {
    title: 'Access log',
    what: 'What',
    when: 'When',
    from: 'From',
    who: 'By',
    none: 'Nothing has happened yet',
    USER_LOGIN: 'Signed in',
    USER_LOGIN_FAILED: 'Sign-in refused',
    SESSION_REVOKED: 'Session ended',
    DEVICE_ADDED: 'Device known',
    DEVICE_REVOKED: 'Device forgotten',
    USER_PASSWORD_CHANGED: 'Password changed',
    USER_UPDATED: 'Profile changed',
    USER_REGISTERED: 'Account made',
    USER_ACTIVATED: 'Account activated',
    USER_DEACTIVATED: 'Account deactivated',
    USER_UNLOCKED: 'Account unlocked',
    USER_ROLES_CHANGED: 'Roles changed',
    PASSKEY_ADDED: 'Passkey added',
    PASSKEY_REMOVED: 'Passkey removed',
    SECOND_FACTOR_ENABLED: 'Second factor turned on',
    SECOND_FACTOR_DISABLED: 'Second factor turned off',
    SECOND_FACTOR_RECOVERY_CODES_REPLACED: 'New recovery codes',
    SECOND_FACTOR_RECOVERY_CODE_USED: 'Recovery code used',
    API_TOKEN_CREATED: 'API token made',
    API_TOKEN_REVOKED: 'API token revoked',
    API_KEY_CREATED: 'API key made',
    API_KEY_UPDATED: 'API key changed',
    API_KEY_REVOKED: 'API key deleted',
  },
  {
    title: 'Journal des accès',
    what: 'Quoi',
    when: 'Quand',
    from: 'Depuis',
    who: 'Par',
    none: 'Rien ne s’est encore passé',
    USER_LOGIN: 'Connexion',
    USER_LOGIN_FAILED: 'Connexion refusée',
    SESSION_REVOKED: 'Session terminée',
    DEVICE_ADDED: 'Appareil reconnu',
    DEVICE_REVOKED: 'Appareil oublié',
    USER_PASSWORD_CHANGED: 'Mot de passe changé',
    USER_UPDATED: 'Profil modifié',
    USER_REGISTERED: 'Compte créé',
    USER_ACTIVATED: 'Compte activé',
    USER_DEACTIVATED: 'Compte désactivé',
    USER_UNLOCKED: 'Compte déverrouillé',
    USER_ROLES_CHANGED: 'Rôles modifiés',
    PASSKEY_ADDED: 'Clé d’accès ajoutée',
    PASSKEY_REMOVED: 'Clé d’accès supprimée',
    SECOND_FACTOR_ENABLED: 'Second facteur activé',
    SECOND_FACTOR_DISABLED: 'Second facteur désactivé',
    SECOND_FACTOR_RECOVERY_CODES_REPLACED: 'Nouveaux codes de récupération',
    SECOND_FACTOR_RECOVERY_CODE_USED: 'Code de récupération utilisé',
    API_TOKEN_CREATED: 'Jeton d’API créé',
    API_TOKEN_REVOKED: 'Jeton d’API révoqué',
    API_KEY_CREATED: 'Clé d’API créée',
    API_KEY_UPDATED: 'Clé d’API modifiée',
    API_KEY_REVOKED: 'Clé d’API supprimée',
  },
);

type Event = NonNullable<OwnAccessLogQuery['user']>['accessLog']['nodes'][number];

export function AccessLogTable({ events }: { events: readonly Event[] }) {
  const t = useWords(words);
  const format = useFormat();
  const named = (type: string, name: string): string => {
    const text = t(type as 'USER_LOGIN');
    return text === type ? name : text;
  };
  return (
    <Table
      label={t('title')}
      items={events.map((event) => ({ ...event, id: event.nodeId }))}
      empty={<EmptyState title={t('none')} />}
      columns={[
        { id: 'what', title: t('what'), isName: true, cell: ({ type, name }) => named(type, name) },
        { id: 'when', title: t('when'), cell: ({ occurredAt }) => format.dateTime(occurredAt) },
        { id: 'from', title: t('from'), cell: ({ ip }) => ip ?? '–' },
        { id: 'who', title: t('who'), isExtra: true, cell: ({ actor }) => actor?.fullName ?? '–' },
      ]}
    />
  );
}
