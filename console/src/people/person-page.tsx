import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { graph } from '../graph/client';
import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { OwnSessionsOperation } from '../profile/operations.gen';
import { AccessLog, Devices, Sessions } from '../profile/sessions-tab';
import { useMay, useViewer } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Answer, EmptyState, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { complain, tell } from '../ui/toast';
import { GivePassword } from './give-password';
import { HeldRoles } from './held-roles';
import {
  ActivateOperation,
  DeactivateOperation,
  EraseOperation,
  PersonExportOperation,
  PersonOperation,
  type PersonQuery,
  TurnSecondFactorOffOperation,
  UnlockOperation,
} from './operations.gen';
import { PersonFacts } from './person-facts';
import { PersonState } from './person-state';
import { personTabs } from './routes';
import { WhyMay } from './why-may';
import { words } from './words';

/** One person, as an administrator sees them. */
export function PersonPage() {
  const t = useWords(words);
  const { id } = useParams({ from: '/app/people/$id' });
  const query = useGraph(PersonOperation, { id }, { topics: ['people'] });
  return (
    <Answer of={query}>
      {({ user }) => (user ? <Person user={user} /> : <EmptyState title={t('noPerson')} text={t('noPersonText')} />)}
    </Answer>
  );
}

export type PersonFound = NonNullable<PersonQuery['user']>;

function Person({ user }: { user: PersonFound }) {
  const t = useWords(words);
  const { tab = 'facts' } = useSearch({ from: '/app/people/$id' });
  const navigate = useNavigate({ from: '/people/$id' });
  const contents = {
    facts: () => <PersonFacts user={user} />,
    roles: () => <HeldRoles user={user} />,
    why: () => <WhyMay user={user} />,
    sessions: () => <PersonSessions id={user.id} />,
    log: () => <AccessLog id={user.id} />,
  };
  return (
    <Page
      title={user.fullName.trim() || user.username}
      mark={<PersonState status={user.status} />}
      lead={[user.username, user.email].filter(Boolean).join(' · ')}
      actions={<PersonActions user={user} />}
    >
      <Tabs
        label={t('person')}
        selected={tab}
        onSelect={(chosen) => void navigate({ search: { tab: chosen as typeof tab, permission: undefined } })}
        tabs={personTabs.map((id) => ({ id, title: t(`tab_${id}`), content: contents[id] }))}
      />
    </Page>
  );
}

function PersonSessions({ id }: { id: string }) {
  const query = useGraph(OwnSessionsOperation, { id }, { topics: ['people'], everyMs: 30_000 });
  return (
    <Answer of={query}>
      {({ user }) =>
        user && (
          <div className="stack">
            <Sessions sessions={user.sessions} isOwn={false} />
            <Devices devices={user.devices} />
          </div>
        )
      }
    </Answer>
  );
}

function PersonActions({ user }: { user: PersonFound }) {
  const t = useWords(words);
  const may = useMay();
  const viewer = useViewer();
  const navigate = useNavigate();
  const [isGiving, setGiving] = useState(false);
  const [isErasing, setErasing] = useState(false);
  const { id } = user;
  const name = user.fullName.trim() || user.username;
  const common = { touches: ['people'] as const, onError: complain };
  const activate = useAction(ActivateOperation, { ...common, onDone: () => tell(t('activated', { name })) });
  const deactivate = useAction(DeactivateOperation, {
    ...common,
    onDone: () => tell(t('deactivated', { name }), () => activate.run({ input: { id } })),
  });
  const unlock = useAction(UnlockOperation, { ...common, onDone: () => tell(t('unlocked', { name })) });
  const factorOff = useAction(TurnSecondFactorOffOperation, { ...common, onDone: () => tell(t('factorOff')) });
  const erase = useAction(EraseOperation, {
    ...common,
    onDone: () => {
      tell(t('erased', { name }));
      void navigate({ to: '/people' });
    },
  });
  const takeData = async () => {
    try {
      const { personalDataExport } = await graph.query(PersonExportOperation, { userId: id });
      if (personalDataExport) location.assign(personalDataExport.url);
    } catch (error) {
      complain(error);
    }
  };
  if (!may('users:write')) return null;
  const isSelf = viewer.id === id;
  return (
    <>
      {user.isLoginLocked && <Button onPress={() => void unlock.run({ input: { id } })}>{t('unlock')}</Button>}
      {!isSelf && <Button onPress={() => setGiving(true)}>{t('givePassword')}</Button>}
      {isGiving && <GivePassword id={id} name={name} onClose={() => setGiving(false)} />}
      {!isSelf &&
        (user.isActive ? (
          <Button onPress={() => void deactivate.run({ input: { id } })}>{t('deactivate')}</Button>
        ) : (
          <Button kind="primary" onPress={() => void activate.run({ input: { id } })}>
            {t('activate')}
          </Button>
        ))}
      {user.secondFactor && !isSelf && (
        <ConfirmButton
          title={t('factorOffTitle', { name })}
          text={t('factorOffText')}
          action={t('turnFactorOff')}
          onConfirm={() => factorOff.run({ input: { id } })}
        >
          {t('turnFactorOff')}
        </ConfirmButton>
      )}
      <Button onPress={() => void takeData()}>{t('export')}</Button>
      {!isSelf && (
        <ConfirmButton
          title={t('eraseTitle', { name })}
          text={t('eraseText')}
          action={t('erase')}
          isDisabled={isErasing}
          onConfirm={async () => {
            setErasing(true);
            await erase.run({ input: { id } });
            setErasing(false);
          }}
        >
          {t('erase')}
        </ConfirmButton>
      )}
    </>
  );
}
