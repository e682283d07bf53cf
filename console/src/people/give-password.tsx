import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { NewPasswordField } from '../profile/new-password-field';
import { ProofDialog } from '../profile/proof';
import { tell } from '../ui/toast';
import { GivePasswordOperation } from './operations.gen';
import { words } from './words';

interface GivePasswordProps {
  id: string;
  name: string;
  onClose: () => void;
}

/** A new password for somebody who forgot theirs, against a proof of whoever gives it. */
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
    <ProofDialog
      isOpen
      onClose={onClose}
      title={t('givePasswordTitle', { name })}
      text={t('givePasswordText')}
      action={t('save')}
      error={give.error}
      names={['newPassword']}
      onProof={(proof, values) => give.run({ input: { id, newPassword: String(values.get('newPassword')), ...proof } })}
    >
      <NewPasswordField name="newPassword" label={t('givePassword')} autoFocus />
    </ProofDialog>
  );
}
