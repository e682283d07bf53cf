import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { NewPasswordField } from '../profile/new-password-field';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
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
        <NewPasswordField name="newPassword" label={t('givePassword')} autoFocus />
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
