import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge, Notice } from '../ui/notice';
import { Card, Facts } from '../ui/page';
import { CopyButton, SecretDialog } from '../ui/secret';
import { complain, tell } from '../ui/toast';
import {
  ConfirmSecondFactorOperation,
  DisableSecondFactorOperation,
  type OwnSecurityQuery,
  RegenerateRecoveryCodesOperation,
  SetUpSecondFactorOperation,
  type SetUpSecondFactorMutation,
} from './operations.gen';
import { ProofDialog } from './proof';
import { words } from './words';
import styles from './profile.module.css';

type SetUp = NonNullable<SetUpSecondFactorMutation['setUpSecondFactor']>;

export function SecondFactorCard({
  secondFactor,
}: {
  secondFactor: NonNullable<OwnSecurityQuery['user']>['secondFactor'];
}) {
  const t = useWords(words);
  const format = useFormat();
  const { id } = useViewer();
  const [setUp, setSetUp] = useState<SetUp | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [asks, setAsks] = useState<'codes' | 'off'>();
  const begin = useAction(SetUpSecondFactorOperation, { touches: [], onError: complain });
  const disable = useAction(DisableSecondFactorOperation, {
    touches: ['self'],
    onDone: () => {
      setAsks(undefined);
      tell(t('secondFactorOff'));
    },
  });
  const regenerate = useAction(RegenerateRecoveryCodesOperation, {
    touches: ['self'],
    onDone: ({ regenerateRecoveryCodes }) => {
      setAsks(undefined);
      setCodes(regenerateRecoveryCodes?.recoveryCodes ?? null);
    },
  });
  const start = async () => {
    const done = await begin.run({});
    if (done?.setUpSecondFactor) setSetUp(done.setUpSecondFactor);
  };
  const left = secondFactor?.recoveryCodesLeft ?? 0;
  return (
    <Card
      title={t('secondFactor')}
      actions={
        secondFactor ? (
          <>
            <Button size="small" onPress={() => setAsks('codes')}>
              {t('newCodes')}
            </Button>
            <Button size="small" kind="danger" onPress={() => setAsks('off')}>
              {t('turnOff')}
            </Button>
          </>
        ) : (
          <Button size="small" kind="primary" isPending={begin.isRunning} onPress={() => void start()}>
            <ShieldCheck size={16} aria-hidden />
            {t('setUp')}
          </Button>
        )
      }
    >
      {secondFactor ? (
        <>
          <Facts
            facts={[
              [
                t('state'),
                <Badge key="on" tone="good">
                  {t('on')}
                </Badge>,
              ],
              [t('since'), format.dateTime(secondFactor.enabledAt)],
              [t('codesLeft'), format.number(left)],
            ]}
          />
          {left < 3 && <Notice tone="warn">{t('fewCodes')}</Notice>}
        </>
      ) : (
        <p className="quiet">{t('secondFactorText')}</p>
      )}
      {setUp && (
        <SetUpDialog
          setUp={setUp}
          onClose={() => setSetUp(null)}
          onDone={(made) => {
            setSetUp(null);
            setCodes(made);
          }}
        />
      )}
      <SecretDialog title={t('recoveryCodes')} secret={codes} onClose={() => setCodes(null)}>
        <p>{t('recoveryCodesText')}</p>
      </SecretDialog>
      <ProofDialog
        isOpen={asks === 'codes'}
        onClose={() => setAsks(undefined)}
        title={t('newCodes')}
        text={t('newCodesText')}
        action={t('newCodes')}
        error={regenerate.error}
        onProof={(input) => regenerate.run({ input })}
      />
      <ProofDialog
        isOpen={asks === 'off'}
        onClose={() => setAsks(undefined)}
        title={t('turnOffTitle')}
        text={t('turnOffText')}
        action={t('turnOff')}
        isDanger
        error={disable.error}
        onProof={(proof) => disable.run({ input: { id, ...proof } })}
      />
    </Card>
  );
}

function SetUpDialog({
  setUp,
  onClose,
  onDone,
}: {
  setUp: SetUp;
  onClose: () => void;
  onDone: (codes: readonly string[]) => void;
}) {
  const t = useWords(words);
  const confirm = useAction(ConfirmSecondFactorOperation, {
    touches: ['self'],
    onDone: ({ confirmSecondFactor }) => onDone(confirmSecondFactor?.recoveryCodes ?? []),
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('setUpTitle')}>
      <div className={styles.setup}>
        <img src={setUp.qrCode} alt={t('qrCode')} />
        <div className="stack">
          <p>{t('scan')}</p>
          <p className="quiet">{t('orType')}</p>
          <code>{setUp.secret}</code>
          <div className="row">
            <CopyButton text={setUp.secret} size="small" />
          </div>
        </div>
      </div>
      <Form
        onSubmit={(values) => confirm.run({ input: { code: textOf(values, 'code') ?? '' } })}
        error={confirm.error}
        names={['code']}
      >
        <TextField
          name="code"
          label={t('firstCode')}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          isRequired
          autoFocus
        />
        <DialogActions>
          <Button type="submit" kind="primary" isPending={confirm.isRunning}>
            {t('turnOn')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
