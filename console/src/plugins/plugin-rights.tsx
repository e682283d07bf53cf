import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Form } from '../ui/form';
import { Card, EmptyState } from '../ui/page';
import { tell } from '../ui/toast';
import { GrantPluginOperation } from './operations.gen';
import type { PluginFound } from './plugin-page';
import { words } from './words';
import styles from './plugins.module.css';

/** What a plugin asks for, and what of it it gets. */
export function PluginRights({ plugin: { id, capabilities, grants } }: { plugin: PluginFound }) {
  const t = useWords(words);
  const may = useMay();
  const canChange = may('plugins:manage');
  const grant = useAction(GrantPluginOperation, { touches: ['plugins'], onDone: () => tell(t('granted')) });
  if (capabilities.length === 0) return <EmptyState title={t('asksNothing')} text={t('asksNothingText')} />;
  return (
    <Card title={t('rights')}>
      <p className="quiet">{t('rightsText')}</p>
      <Form
        key={grants.join()}
        error={grant.error}
        onSubmit={(values) => grant.run({ input: { id, grants: values.getAll('grants') as string[] } })}
      >
        <ul className={styles.lines}>
          {capabilities.map((capability) => (
            <li key={capability}>
              <Checkbox
                name="grants"
                value={capability}
                defaultSelected={grants.includes(capability)}
                isDisabled={!canChange}
              >
                <code>{capability}</code>
              </Checkbox>
            </li>
          ))}
        </ul>
        {canChange && (
          <div className="row">
            <Button type="submit" kind="primary" isPending={grant.isRunning}>
              {t('grant')}
            </Button>
          </div>
        )}
      </Form>
    </Card>
  );
}
