import { Ticket } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { DateField } from '../ui/date-field';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState } from '../ui/page';
import { SecretDialog } from '../ui/secret';
import { complain, tell } from '../ui/toast';
import { endOfDay } from './end-of-day';
import { CreateApiTokenOperation, OwnTokensOperation, RevokeApiTokenOperation } from './operations.gen';
import { ScopeChoice, scopesOf } from './scopes';
import { words } from './words';
import styles from './profile.module.css';

export function TokensCard() {
  const t = useWords(words);
  const format = useFormat();
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const query = useGraph(OwnTokensOperation, {}, { topics: ['self'] });
  const revoke = useAction(RevokeApiTokenOperation, {
    touches: ['self'],
    onDone: () => tell(t('tokenRevoked')),
    onError: complain,
  });
  return (
    <Card
      title={t('tokens')}
      isFlush
      actions={
        <Button size="small" onPress={() => setMaking(true)}>
          {t('makeToken')}
        </Button>
      }
    >
      <Answer of={query}>
        {({ apiTokens }) => {
          const holding = apiTokens?.filter(({ isActive }) => isActive) ?? [];
          if (holding.length === 0)
            return <EmptyState icon={<Ticket size={32} aria-hidden />} title={t('noTokens')} text={t('tokensText')} />;
          return (
            <ul className={styles.items}>
              {holding.map(({ id, name, prefix, scopes, createdAt, expiresAt, lastUsedAt }) => (
                <li key={id}>
                  <div className={styles.what}>
                    <span className="row">
                      <strong>{name}</strong>
                      <code>{prefix}…</code>
                      {scopes.map((scope) => (
                        <Badge key={scope}>{t(`scope${scope}`)}</Badge>
                      ))}
                    </span>
                    <small>
                      {[
                        t('addedAt', { date: format.date(createdAt) }),
                        lastUsedAt ? t('usedAt', { date: format.relative(lastUsedAt) }) : t('neverUsed'),
                        expiresAt && t('endsAt', { date: format.date(expiresAt) }),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </div>
                  <ConfirmButton
                    size="small"
                    kind="quiet"
                    title={t('revokeTokenTitle', { name })}
                    text={t('revokeTokenText')}
                    action={t('revoke')}
                    onConfirm={() => revoke.run({ input: { id } })}
                  >
                    {t('revoke')}
                  </ConfirmButton>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
      {isMaking && (
        <MakeToken
          onClose={() => setMaking(false)}
          onDone={(token) => {
            setMaking(false);
            setSecret(token);
          }}
        />
      )}
      <SecretDialog title={t('newToken')} secret={secret} onClose={() => setSecret(null)}>
        <p>{t('newTokenText')}</p>
      </SecretDialog>
    </Card>
  );
}

function MakeToken({ onClose, onDone }: { onClose: () => void; onDone: (token: string | null) => void }) {
  const t = useWords(words);
  const make = useAction(CreateApiTokenOperation, {
    touches: ['self'],
    onDone: ({ createApiToken }) => onDone(createApiToken?.token ?? null),
  });
  const submit = (values: FormData) =>
    make.run({
      input: {
        name: textOf(values, 'name') ?? '',
        scopes: scopesOf(values),
        expiresAt: endOfDay(textOf(values, 'expiresAt')),
      },
    });
  return (
    <Dialog isOpen onClose={onClose} title={t('makeToken')}>
      <Form onSubmit={submit} error={make.error} names={['name', 'scopes', 'expiresAt']}>
        <TextField
          name="name"
          label={t('name')}
          description={t('tokenNameHint')}
          maxLength={100}
          isRequired
          autoFocus
        />
        <ScopeChoice chosen={['READ', 'WRITE']} />
        <DateField name="expiresAt" label={t('expiresAt')} description={t('expiresAtHint')} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={make.isRunning}>
            {t('make')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
