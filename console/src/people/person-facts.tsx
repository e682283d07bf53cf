import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Card, Facts } from '../ui/page';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import { useBase } from '../ui/use-base';
import { ChangePersonOperation } from './operations.gen';
import type { PersonFound } from './person-page';
import { words } from './words';

const needed = ['email', 'username'] as const;
const fieldNames = [
  'firstName',
  'lastName',
  'email',
  'username',
  'phone',
  'street',
  'postalCode',
  'city',
  'country',
] as const;

type Filled = Record<(typeof fieldNames)[number], string | null>;

const isNeeded = (name: string): boolean => needed.some((each) => each === name);

const filledOf = (values: FormData): Filled =>
  Object.fromEntries(
    fieldNames.map((name) => [name, textOf(values, name) ?? (isNeeded(name) || name.endsWith('Name') ? '' : null)]),
  ) as Filled;

export function PersonFacts({ user }: { user: PersonFound }) {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const { base, key, hold, release, noteSent, noteSaved } = useBase(user);
  const [mine, setMine] = useState<Filled>();
  const change = useAction(ChangePersonOperation, { touches: ['people', 'self'] });
  const save = async (filled: Filled, version: number) => {
    setMine(filled);
    const saved = (await change.run({ input: { id: user.id, ...filled, version } }))?.updateUser;
    if (!saved) return;
    noteSaved(saved.user.version);
    tell(t('saved'));
  };
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
        <Form
          key={key}
          onSubmit={(values) => {
            noteSent();
            return save(filledOf(values), base.version);
          }}
          error={change.error}
          names={fieldNames}
        >
          <div className="fields">
            {fieldNames.map((name) => (
              <TextField
                key={name}
                name={name}
                label={t(name)}
                defaultValue={base[name] ?? ''}
                onChange={hold}
                autoComplete="off"
                isReadOnly={!may('users:write')}
                isRequired={isNeeded(name)}
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
        <StaleSave
          error={change.error}
          topics={['people', 'self']}
          fields={
            mine ? fieldNames.map((name) => ({ name: t(name), mine: mine[name] ?? '', theirs: user[name] ?? '' })) : []
          }
          onKeepMine={() => mine && save(mine, user.version)}
          onTakeTheirs={() => {
            release();
            change.reset();
          }}
        />
      </Card>
    </div>
  );
}
