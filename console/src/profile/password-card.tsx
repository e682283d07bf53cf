import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Form, TextField } from '../ui/form';
import { Card } from '../ui/page';
import { tell } from '../ui/toast';
import { NewPasswordField } from './new-password-field';
import { ChangePasswordOperation } from './operations.gen';
import { words } from './words';

export function PasswordCard() {
  const t = useWords(words);
  const { id, username } = useViewer();
  // A new form, empty, after each change.
  const [round, setRound] = useState(0);
  const [problem, setProblem] = useState<string>();
  const action = useAction(ChangePasswordOperation, {
    touches: ['self'],
    onDone: () => {
      setRound(round + 1);
      tell(t('passwordChanged'));
    },
  });
  const submit = (values: FormData) => {
    const newPassword = String(values.get('newPassword'));
    const differs = newPassword !== values.get('repeated');
    setProblem(differs ? t('repeatedDiffers') : undefined);
    if (differs) return undefined;
    return action.run({
      input: {
        id,
        newPassword,
        currentPassword: String(values.get('currentPassword')),
        revokeTokens: values.has('revokeTokens'),
      },
    });
  };
  return (
    <Card title={t('password')}>
      <p className="quiet">{t('passwordText')}</p>
      <Form
        key={round}
        onSubmit={submit}
        error={action.error}
        problem={problem}
        names={['currentPassword', 'newPassword']}
      >
        <input type="hidden" name="username" autoComplete="username" value={username} readOnly />
        <div className="fields">
          <TextField
            name="currentPassword"
            type="password"
            label={t('currentPassword')}
            autoComplete="current-password"
            maxLength={200}
            isRequired
          />
          <NewPasswordField name="newPassword" label={t('newPassword')} />
          <TextField
            name="repeated"
            type="password"
            label={t('repeated')}
            autoComplete="new-password"
            maxLength={200}
            isRequired
          />
        </div>
        <Checkbox name="revokeTokens" description={t('revokeTokensHint')}>
          {t('revokeTokens')}
        </Checkbox>
        <div className="row">
          <Button type="submit" kind="primary" isPending={action.isRunning}>
            {t('changePassword')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
