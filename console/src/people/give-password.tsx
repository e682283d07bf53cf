import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { PasswordRules } from '../profile/password-rules';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { tell } from '../ui/toast';
import { GivePasswordOperation } from './operations.gen';
import { words } from './words';

interface GivePasswordProps {
  id: string;
  name: string;
  onClose: () => void;
}

/** A new password for somebody who forgot theirs. */
export function GivePassword({ id, name, onClose }: GivePasswordProps) {
  const t = useWords(words);
  const [typed, setTyped] = useState('');
  const give = useAction(GivePasswordOperation, {
    touches: ['people'],
    onDone: () => {
      tell(t('passwordGiven', { name }));
      onClose();
    },
  });
  return (
    <Dialog isOpen onClose={onClose} title={t('givePasswordTitle', { name })} size="small">
      <Form
        onSubmit={(values) => give.run({ input: { id, newPassword: String(values.get('newPassword')) } })}
        error={give.error}
        names={['newPassword']}
      >
        <p className="quiet">{t('givePasswordText')}</p>
        <TextField
          name="newPassword"
          type="password"
          label={t('givePassword')}
          autoComplete="new-password"
          maxLength={200}
          onChange={setTyped}
          isRequired
          autoFocus
        />
        <PasswordRules typed={typed} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={give.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
