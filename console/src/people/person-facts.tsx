import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Card, Facts } from '../ui/page';
import { tell } from '../ui/toast';
import { ChangePersonOperation } from './operations.gen';
import type { PersonFound } from './person-page';
import { words } from './words';

const needed = ['email', 'username'] as const;
const optional = ['firstName', 'lastName', 'phone', 'street', 'postalCode', 'city', 'country'] as const;

export function PersonFacts({ user }: { user: PersonFound }) {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const change = useAction(ChangePersonOperation, { touches: ['people', 'self'], onDone: () => tell(t('saved')) });
  const submit = (values: FormData) =>
    change.run({
      input: {
        id: user.id,
        ...Object.fromEntries(needed.map((name) => [name, textOf(values, name) ?? ''])),
        ...Object.fromEntries(
          optional.map((name) => [name, textOf(values, name) ?? (name.endsWith('Name') ? '' : null)]),
        ),
      },
    });
  return (
    <div className="stack">
      <Card title={t('standing')}>
        <Facts
          facts={[
            [t('number'), user.id],
            [t('uuid'), <code key="uuid">{user.uuid}</code>],
            [t('since'), format.date(user.createdAt, 'long')],
            [t('lastLogin'), user.lastLoginAt ? format.dateTime(user.lastLoginAt) : t('never')],
            [t('secondFactor'), user.secondFactor ? t('on') : t('off')],
            [t('consent'), user.consentedAt ? format.date(user.consentedAt) : t('none')],
            [t('timeZone'), user.timeZone],
          ]}
        />
      </Card>
      <Card title={t('facts')}>
        <Form onSubmit={submit} error={change.error} names={[...needed, ...optional]}>
          <div className="fields">
            {(
              [
                'firstName',
                'lastName',
                'email',
                'username',
                'phone',
                'street',
                'postalCode',
                'city',
                'country',
              ] as const
            ).map((name) => (
              <TextField
                key={name}
                name={name}
                label={t(name)}
                defaultValue={user[name] ?? ''}
                autoComplete="off"
                isReadOnly={!may('users:write')}
                isRequired={needed.some((each) => each === name)}
              />
            ))}
          </div>
          {may('users:write') && (
            <div className="row">
              <Button type="submit" kind="primary" isPending={change.isRunning}>
                {t('save')}
              </Button>
            </div>
          )}
        </Form>
      </Card>
    </div>
  );
}
