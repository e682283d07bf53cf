import { startAuthentication } from '@simplewebauthn/browser';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { graph } from '../graph/client';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { complain } from '../ui/toast';
import { BeginPasskeyProofOperation } from './operations.gen';
import { words } from './words';

/** What proves that the owner of the account sits there: one of the three. */
export interface Proof {
  password?: string;
  code?: string;
  credential?: unknown;
}

interface ProofDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  text: string;
  action: string;
  onProof: (proof: Proof) => Promise<unknown>;
  error: unknown;
  isDanger?: boolean;
}

/** Asks for a proof before what a session that was left open somewhere must not be enough for. */
export function ProofDialog({ isOpen, onClose, title, text, action, onProof, error, isDanger }: ProofDialogProps) {
  const t = useWords(words);
  const [isBusy, setBusy] = useState(false);
  const prove = async (proof: () => Promise<Proof>) => {
    setBusy(true);
    try {
      await onProof(await proof());
    } catch (reason) {
      // Whoever closes the browser's dialog has changed their mind.
      if (!(reason instanceof Error && reason.name === 'NotAllowedError')) complain(reason);
    } finally {
      setBusy(false);
    }
  };
  const submit = (values: FormData) => {
    const password = textOf(values, 'password');
    const code = textOf(values, 'code');
    return prove(async () => ({ ...(password && { password }), ...(code && { code }) }));
  };
  const byPasskey = () =>
    prove(async () => {
      const { beginPasskeyLogin } = await graph.mutate(BeginPasskeyProofOperation, { input: {} });
      return { credential: await startAuthentication({ optionsJSON: beginPasskeyLogin?.options as never }) };
    });
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} size="small">
      <p>{text}</p>
      <Form onSubmit={submit} error={error} names={['password', 'code']}>
        <TextField
          name="password"
          type="password"
          label={t('password')}
          autoComplete="current-password"
          maxLength={200}
          autoFocus
        />
        <TextField
          name="code"
          label={t('codeInstead')}
          description={t('codeHint')}
          autoComplete="one-time-code"
          maxLength={50}
        />
        <DialogActions>
          {'PublicKeyCredential' in globalThis && (
            <Button onPress={() => void byPasskey()} isDisabled={isBusy}>
              <KeyRound size={16} aria-hidden />
              {t('byPasskey')}
            </Button>
          )}
          <Button type="submit" kind={isDanger ? 'danger' : 'primary'} isPending={isBusy}>
            {action}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
