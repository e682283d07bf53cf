import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { hasReason, problemText } from '../graph/problems';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Form, TextField } from '../ui/form';
import { signIn, signInByPasskey } from './session';
import { words } from './words';

/** Password, second factor when it is asked for, or a passkey. `identifier`: the one person who may go on here. */
export function SignInForm({ identifier, onDone }: { identifier?: string; onDone: () => void }) {
  const t = useWords(words);
  const [asksCode, setAsksCode] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const attempt = async (enter: () => Promise<void>, explain: (error: unknown) => string | undefined) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await enter();
      onDone();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (form: FormData) => {
    const code = String(form.get('code') ?? '').trim();
    return attempt(
      () =>
        signIn({
          identifier: identifier ?? String(form.get('identifier')),
          password: String(form.get('password')),
          code,
          rememberDevice: form.has('remember'),
        }),
      (error) => {
        if (hasReason(error, 'two_factor_required')) {
          setAsksCode(true);
          return code ? t('wrongCode') : undefined;
        }
        return hasReason(error, 'bad_credentials') ? t('wrong') : problemText(error);
      },
    );
  };
  const byPasskey = () =>
    attempt(signInByPasskey, (error) =>
      error instanceof Error && error.name === 'NotAllowedError' ? t('passkeyFailed') : problemText(error),
    );

  return (
    <div className="stack">
      <Form onSubmit={submit} problem={problem}>
        {identifier === undefined ? (
          <TextField
            name="identifier"
            label={t('identifier')}
            autoComplete="username webauthn"
            autoCapitalize="none"
            isRequired
            autoFocus
          />
        ) : (
          <p>
            <strong>{identifier}</strong>
          </p>
        )}
        <TextField
          name="password"
          type="password"
          label={t('password')}
          autoComplete="current-password"
          isRequired
          autoFocus={identifier !== undefined}
        />
        {asksCode && (
          <TextField
            name="code"
            label={t('code')}
            description={t('codeHint')}
            autoComplete="one-time-code"
            maxLength={50}
            isRequired
            autoFocus
          />
        )}
        <Checkbox name="remember" description={t('rememberHint')}>
          {t('remember')}
        </Checkbox>
        <Button type="submit" kind="primary" isPending={isBusy}>
          {t('submit')}
        </Button>
      </Form>
      {'PublicKeyCredential' in globalThis && (
        <Button onPress={byPasskey} isDisabled={isBusy}>
          <KeyRound size={18} aria-hidden />
          {t('passkey')}
        </Button>
      )}
    </div>
  );
}
