import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Badge } from '../ui/notice';
import { EmptyState } from '../ui/page';
import { tell } from '../ui/toast';
import type { AccountDetails } from './account-page';
import { ShareAccountOperation, type SharePermission, UnshareAccountOperation } from './operations.gen';
import { words } from './words';

/** Whom a joint account is shared with. */
export function ShareDialog({ account, onClose }: { account: AccountDetails; onClose: () => void }) {
  const t = useWords(words);
  const share = useAction(ShareAccountOperation, { touches: ['banking'] });
  const unshare = useAction(UnshareAccountOperation, { touches: ['banking'] });
  const give = (email: string, permission: SharePermission) =>
    share.run({ input: { accountId: account.id, email, permission } });
  const submit = async (values: FormData): Promise<void> => {
    const email = String(values.get('email'));
    if (await give(email, values.get('permission') as SharePermission)) tell(t('sharedWith', { email }));
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('shareAccountOf', { name: account.name })}>
      {account.shares.length === 0 ? (
        <EmptyState title={t('notShared')} text={t('notSharedText')} />
      ) : (
        <ul className="stack" style={{ padding: 0, listStyle: 'none' }}>
          {account.shares.map(({ id, email, permission, user }) => (
            <li key={id} className="row spread">
              <span>
                {user?.fullName ?? email} <Badge>{t(permission === 'WRITE' ? 'mayWrite' : 'mayRead')}</Badge>
              </span>
              <Button
                size="small"
                onPress={async () => {
                  if (await unshare.run({ input: { id, accountId: account.id } }))
                    tell(t('unshared', { email }), () => give(email, permission));
                }}
              >
                {t('unshare')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Form onSubmit={submit} error={share.error ?? unshare.error} names={['email', 'permission']}>
        <div className="fields">
          <TextField label={t('email')} name="email" type="email" isRequired autoCapitalize="none" />
          <Select
            label={t('permission')}
            name="permission"
            defaultValue="READ"
            choices={[
              { id: 'READ', label: t('mayRead') },
              { id: 'WRITE', label: t('mayWrite') },
            ]}
          />
        </div>
        <div>
          <Button kind="primary" type="submit" isPending={share.isRunning}>
            {t('share')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
