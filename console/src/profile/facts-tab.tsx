import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { LanguageChoice } from '../shell/preferences';
import { Button } from '../ui/button';
import { ComboBox } from '../ui/choice-fields';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { Answer, Card, Facts } from '../ui/page';
import { useRoleName } from '../ui/role-name';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import { useBase } from '../ui/use-base';
import { ChangeProfileOperation, OwnProfileOperation, type OwnProfileQuery } from './operations.gen';
import { words } from './words';

const zones = Intl.supportedValuesOf('timeZone').map((id) => ({ id, label: id.replaceAll('_', ' ') }));
const texts = ['firstName', 'lastName', 'email', 'username'] as const;
const optional = ['phone', 'street', 'postalCode', 'city', 'country', 'timeZone'] as const;

const fieldNames = [...texts, ...optional];

type Filled = Record<(typeof fieldNames)[number], string | null>;

const filledOf = (values: FormData): Filled =>
  Object.fromEntries([
    ...texts.map((name) => [name, textOf(values, name) ?? '']),
    ...optional.map((name) => [name, textOf(values, name)]),
  ]) as Filled;

export function FactsTab() {
  const { id } = useViewer();
  const query = useGraph(OwnProfileOperation, { id }, { topics: ['self', 'people'] });
  return <Answer of={query}>{({ user }) => user && <FactsForm user={user} />}</Answer>;
}

function FactsForm({ user }: { user: NonNullable<OwnProfileQuery['user']> }) {
  const t = useWords(words);
  const format = useFormat();
  const roleName = useRoleName();
  const { base, key, hold, release, noteSent, noteSaved } = useBase(user);
  const [mine, setMine] = useState<Filled>();
  const action = useAction(ChangeProfileOperation, { touches: ['self', 'people'] });
  const save = async (filled: Filled, version: number) => {
    setMine(filled);
    const saved = (await action.run({ input: { id: user.id, ...filled, version } }))?.updateUser;
    if (!saved) return;
    noteSaved(saved.user.version);
    tell(t('saved'));
  };
  const field = (name: (typeof texts)[number] | (typeof optional)[number], autoComplete: string, type = 'text') => (
    <TextField
      name={name}
      label={t(name)}
      defaultValue={base[name] ?? ''}
      onChange={hold}
      autoComplete={autoComplete}
      type={type as 'text'}
      isRequired={texts.some((each) => each === name) && name !== 'firstName' && name !== 'lastName'}
    />
  );
  return (
    <div className="stack">
      <Card title={t('who')}>
        <Form
          key={key}
          onSubmit={(values) => {
            noteSent();
            return save(filledOf(values), base.version);
          }}
          error={action.error}
          names={fieldNames}
        >
          <div className="fields">
            {field('firstName', 'given-name')}
            {field('lastName', 'family-name')}
            {field('email', 'email', 'email')}
            {field('username', 'username')}
            {field('phone', 'tel', 'tel')}
            {field('street', 'street-address')}
            {field('postalCode', 'postal-code')}
            {field('city', 'address-level2')}
            {field('country', 'country-name')}
            <ComboBox
              name="timeZone"
              label={t('timeZone')}
              description={t('timeZoneHint')}
              choices={zones}
              defaultValue={base.timeZone}
              onChange={hold}
            />
          </div>
          <div className="row">
            <Button type="submit" kind="primary" isPending={action.isRunning}>
              {t('save')}
            </Button>
          </div>
        </Form>
        <StaleSave
          error={action.error}
          topics={['self', 'people']}
          fields={
            mine ? fieldNames.map((name) => ({ name: t(name), mine: mine[name] ?? '', theirs: user[name] ?? '' })) : []
          }
          onKeepMine={() => mine && save(mine, user.version)}
          onTakeTheirs={() => {
            release();
            action.reset();
          }}
        />
      </Card>
      <Card title={t('language')}>
        <p className="quiet">{t('languageHint')}</p>
        <LanguageChoice />
      </Card>
      <Card title={t('standing')}>
        <Facts
          facts={[
            [t('since'), format.date(user.createdAt, 'long')],
            [t('lastLogin'), format.dateTime(user.lastLoginAt)],
            [
              t('roles'),
              <span className="row" key="roles">
                {user.roles.map(({ id, name }) => (
                  <Badge key={id}>{roleName(name)}</Badge>
                ))}
              </span>,
            ],
          ]}
        />
      </Card>
    </div>
  );
}
