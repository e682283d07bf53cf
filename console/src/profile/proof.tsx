import { startAuthentication } from '@simplewebauthn/browser';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { PressEvent } from 'react-aria-components';
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
  /** `values` are those of the whole form. */
  onProof: (proof: Proof, values: FormData) => Promise<unknown>;
  error: unknown;
  isDanger?: boolean;
  /** Fields before the proof, and their names. */
  children?: ReactNode;
  names?: readonly string[];
}

/** Asks for a proof before what a session that was left open somewhere must not be enough for. */
export function ProofDialog({
  isOpen,
  onClose,
  title,
  text,
  action,
  onProof,
  error,
  isDanger,
  children,
  names = [],
}: ProofDialogProps) {
  const t = useWords(words);
  const [isBusy, setBusy] = useState(false);
  const prove = async (values: FormData, proof: () => Promise<Proof>) => {
    setBusy(true);
    try {
      await onProof(await proof(), values);
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
    return prove(values, async () => ({ ...(password && { password }), ...(code && { code }) }));
  };
  const byPasskey = async ({ target }: PressEvent) => {
    const form = target.closest('form');
    if (!form?.reportValidity()) return;
    await prove(new FormData(form), async () => {
      const { beginPasskeyLogin } = await graph.mutate(BeginPasskeyProofOperation, { input: {} });
      return { credential: await startAuthentication({ optionsJSON: beginPasskeyLogin?.options as never }) };
    });
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title} size="small">
      <p>{text}</p>
      <Form onSubmit={submit} error={error} names={[...names, 'password', 'code']}>
        {children}
        <TextField
          name="password"
          type="password"
          label={t(children ? 'ownPassword' : 'password')}
          autoComplete="current-password"
          maxLength={200}
          autoFocus={!children}
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
            <Button onPress={(event) => void byPasskey(event)} isDisabled={isBusy}>
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
