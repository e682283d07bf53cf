import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, FileLink } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Dialog, DialogActions } from '../ui/dialog';
import { Problem } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { complain, mention, tell } from '../ui/toast';
import {
  DisablePluginOperation,
  EnablePluginOperation,
  PluginOperation,
  type PluginQuery,
  ReloadPluginOperation,
  UninstallPluginOperation,
} from './operations.gen';
import { PluginRights } from './plugin-rights';
import { PluginSettings } from './plugin-settings';
import { PluginState } from './plugin-state';
import { PluginVersions } from './plugin-versions';
import { pluginTabs } from './routes';
import { words } from './words';
import styles from './plugins.module.css';

export type PluginFound = NonNullable<PluginQuery['plugin']>;

/** One plugin. */
export function PluginPage() {
  const t = useWords(words);
  const { id } = useParams({ from: '/app/plugins/$id' });
  const query = useGraph(PluginOperation, { id }, { topics: ['plugins'] });
  return (
    <Answer of={query}>
      {({ plugin }) => (plugin ? <Found plugin={plugin} /> : <EmptyState title={t('gone')} text={t('goneText')} />)}
    </Answer>
  );
}

function Found({ plugin }: { plugin: PluginFound }) {
  const t = useWords(words);
  const { tab = 'facts' } = useSearch({ from: '/app/plugins/$id' });
  const navigate = useNavigate({ from: '/plugins/$id' });
  const contents = {
    facts: () => <PluginFacts plugin={plugin} />,
    brings: () => <Brings plugin={plugin} />,
    rights: () => <PluginRights plugin={plugin} />,
    settings: () => <PluginSettings plugin={plugin} />,
    versions: () => <PluginVersions plugin={plugin} />,
  };
  return (
    <Page
      title={plugin.name}
      mark={<PluginState status={plugin.status} />}
      lead={[plugin.version, plugin.author, plugin.description].filter(Boolean).join(' · ')}
      actions={<PluginActions plugin={plugin} />}
    >
      {plugin.reason && <Problem>{plugin.reason}</Problem>}
      <Tabs
        label={plugin.name}
        selected={tab}
        onSelect={(chosen) => void navigate({ search: { tab: chosen as typeof tab } })}
        tabs={pluginTabs.map((id) => ({ id, title: t(id), content: contents[id] }))}
      />
    </Page>
  );
}

function PluginFacts({ plugin }: { plugin: PluginFound }) {
  const t = useWords(words);
  const format = useFormat();
  return (
    <Card title={t('facts')}>
      <Facts
        facts={[
          [t('id'), <code key="id">{plugin.id}</code>],
          [t('source'), `${t(`kind${plugin.sourceKind}`)}: ${plugin.source}`],
          [t('requested'), plugin.requestedVersion],
          [t('installedAt'), format.dateTime(plugin.installedAt)],
          [t('loadedAt'), format.dateTime(plugin.loadedAt)],
          [t('lastReload'), format.dateTime(plugin.lastReload)],
          [t('runAs'), plugin.runAs?.fullName],
          [t('storage'), format.bytes(plugin.storageBytes)],
          [t('needs'), plugin.dependencies.map(({ pluginId, range }) => `${pluginId} ${range}`).join(', ')],
          [t('tags'), plugin.tags.join(', ')],
        ]}
      />
    </Card>
  );
}

function Brings({ plugin: { id, contribution } }: { plugin: PluginFound }) {
  const t = useWords(words);
  if (!contribution) return <EmptyState title={t('unknown')} text={t('unknownText')} />;
  return (
    <div className="stack">
      <Card title={t('brings')}>
        <Facts
          facts={[
            [t('actions'), contribution.actions.join(', ')],
            [t('tasks'), contribution.taskIds.join(', ')],
            [t('events'), contribution.events.join(', ')],
            [t('handled'), contribution.handledEvents.join(', ')],
            [t('migrations'), contribution.migrations.join(', ')],
            [t('dialect'), contribution.dialectPrefix],
          ]}
        />
        {contribution.pages.length > 0 && (
          <div className="row">
            {contribution.pages.map(({ path, title }) => (
              <FileLink key={path} href={`/plugins/${id}/${path.replace(/^\//, '')}`}>
                {title}
              </FileLink>
            ))}
          </div>
        )}
      </Card>
      {contribution.routes.length > 0 && (
        <Card title={t('routes')}>
          <ul className={styles.lines}>
            {contribution.routes.map(({ method, path }) => (
              <li key={`${method} ${path}`}>
                <code>
                  {method} {path}
                </code>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {contribution.sdl && (
        <Card title={t('schema')}>
          <pre className={styles.text} tabIndex={0} role="region" aria-label={t('schema')}>
            {contribution.sdl}
          </pre>
        </Card>
      )}
    </div>
  );
}

/** Says which processes have not followed yet. */
export function useLagging(): (lagging: readonly { host: string }[] | undefined) => void {
  const t = useWords(words);
  return (lagging) => {
    if (lagging?.length) mention(t('lagging', { hosts: lagging.map(({ host }) => host).join(', ') }));
  };
}

function PluginActions({ plugin }: { plugin: PluginFound }) {
  const t = useWords(words);
  const may = useMay();
  const noteLagging = useLagging();
  const navigate = useNavigate();
  const [isRemoving, setRemoving] = useState(false);
  const [keepsData, setKeepsData] = useState(true);
  const { id, name } = plugin;
  const common = { touches: ['plugins'] as const, onError: complain };
  const enable = useAction(EnablePluginOperation, {
    ...common,
    onDone: ({ enablePlugin }) => {
      if (enablePlugin?.plugin.status === 'ACTIVE') tell(t('enabled', { name }));
      noteLagging(enablePlugin?.lagging);
    },
  });
  const disable = useAction(DisablePluginOperation, {
    ...common,
    onDone: ({ disablePlugin }) => {
      tell(t('disabled', { name }), () => enable.run({ input: { id } }));
      noteLagging(disablePlugin?.lagging);
    },
  });
  const reload = useAction(ReloadPluginOperation, {
    ...common,
    onDone: ({ reloadPlugin }) => {
      tell(t('reloaded', { name }));
      noteLagging(reloadPlugin?.lagging);
    },
  });
  const uninstall = useAction(UninstallPluginOperation, {
    ...common,
    onDone: () => {
      tell(t('uninstalled', { name }));
      void navigate({ to: '/plugins' });
    },
  });
  if (!may('plugins:manage')) return null;
  return (
    <>
      {plugin.status === 'ACTIVE' ? (
        <Button isPending={disable.isRunning} onPress={() => void disable.run({ input: { id } })}>
          {t('disable')}
        </Button>
      ) : (
        <Button kind="primary" isPending={enable.isRunning} onPress={() => void enable.run({ input: { id } })}>
          {t('enable')}
        </Button>
      )}
      <Button isPending={reload.isRunning} onPress={() => void reload.run({ input: { id } })}>
        {t('reload')}
      </Button>
      <Button kind="danger" onPress={() => setRemoving(true)}>
        {t('uninstall')}
      </Button>
      <Dialog
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        title={t('uninstallTitle', { name })}
        size="small"
        role="alertdialog"
      >
        <p>{t('uninstallText')}</p>
        <Checkbox isSelected={keepsData} onChange={setKeepsData} description={t('keepDataHint')}>
          {t('keepData')}
        </Checkbox>
        <DialogActions>
          <Button onPress={() => setRemoving(false)} autoFocus>
            {t('cancel')}
          </Button>
          <Button
            kind="danger"
            isPending={uninstall.isRunning}
            onPress={() => void uninstall.run({ input: { id, keepData: keepsData } })}
          >
            {t('uninstall')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
