import { startRegistration } from '@simplewebauthn/browser';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { graph } from '../graph/client';
import { invalidate } from '../graph/freshness';
import { change, useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { Card, EmptyState } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { deviceName } from './device-name';
import {
  BeginPasskeyRegistrationOperation,
  CompletePasskeyRegistrationOperation,
  DeletePasskeyOperation,
  type OwnSecurityQuery,
} from './operations.gen';
import { words } from './words';
import styles from './profile.module.css';

export function PasskeysCard({ passkeys }: { passkeys: NonNullable<OwnSecurityQuery['user']>['passkeys'] }) {
  const t = useWords(words);
  const format = useFormat();
  const [isAdding, setAdding] = useState(false);
  const remove = useAction(DeletePasskeyOperation, {
    touches: ['self'],
    onDone: () => tell(t('passkeyDeleted')),
    onError: complain,
  });
  const canAdd = 'PublicKeyCredential' in globalThis;
  return (
    <Card
      title={t('passkeys')}
      isFlush
      actions={
        canAdd && (
          <Button size="small" onPress={() => setAdding(true)}>
            <KeyRound size={16} aria-hidden />
            {t('addPasskey')}
          </Button>
        )
      }
    >
      {passkeys.length === 0 ? (
        <EmptyState icon={<KeyRound size={32} aria-hidden />} title={t('noPasskeys')} text={t('passkeysText')} />
      ) : (
        <ul className={styles.items}>
          {passkeys.map(({ id, name, createdAt, lastUsedAt, isBackedUp }) => (
            <li key={id}>
              <div className={styles.what}>
                <span className="row">
                  <strong>{name}</strong>
                  {isBackedUp && <Badge tone="info">{t('backedUp')}</Badge>}
                </span>
                <small>
                  {t('addedAt', { date: format.date(createdAt) })} ·{' '}
                  {lastUsedAt ? t('usedAt', { date: format.relative(lastUsedAt) }) : t('neverUsed')}
                </small>
              </div>
              <ConfirmButton
                kind="quiet"
                size="small"
                title={t('deletePasskeyTitle', { name })}
                text={t('deletePasskeyText')}
                action={t('delete')}
                onConfirm={() => remove.run({ input: { id } })}
              >
                {t('delete')}
              </ConfirmButton>
            </li>
          ))}
        </ul>
      )}
      {isAdding && <AddDialog onClose={() => setAdding(false)} />}
    </Card>
  );
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(words);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [problem, setProblem] = useState<string>();
  const submit = async (values: FormData) => {
    setBusy(true);
    setError(undefined);
    setProblem(undefined);
    try {
      const { beginPasskeyRegistration } = await graph.mutate(BeginPasskeyRegistrationOperation, { input: {} });
      const credential = await startRegistration({ optionsJSON: beginPasskeyRegistration?.options as never });
      const name = textOf(values, 'name') ?? '';
      await change(CompletePasskeyRegistrationOperation, { input: { credential, name } }, ['self']);
      tell(t('passkeyAdded'));
      onClose();
      await invalidate('self');
    } catch (reason) {
      if (reason instanceof Error && reason.name === 'NotAllowedError') setProblem(t('passkeyRefused'));
      else if (reason instanceof Error && reason.name === 'InvalidStateError') setProblem(t('passkeyThere'));
      else setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('addPasskey')} size="small">
      <p>{t('addPasskeyText')}</p>
      <Form onSubmit={submit} error={error} problem={problem} names={['name']}>
        <TextField
          name="name"
          label={t('passkeyName')}
          defaultValue={deviceName(navigator.userAgent) ?? ''}
          maxLength={100}
          isRequired
          autoFocus
        />
        <DialogActions>
          <Button type="submit" kind="primary" isPending={isBusy}>
            {t('goOn')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
