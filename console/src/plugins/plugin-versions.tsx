import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { Card } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { RollbackPluginOperation, UpgradePluginOperation } from './operations.gen';
import { type PluginFound, useLagging } from './plugin-page';
import { words } from './words';

/** Versions that are kept: forward by an upgrade, back by a rollback. */
export function PluginVersions({ plugin: { id, versions } }: { plugin: PluginFound }) {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const noteLagging = useLagging();
  const [isUpgrading, setUpgrading] = useState(false);
  const rollback = useAction(RollbackPluginOperation, {
    touches: ['plugins'],
    onDone: ({ rollbackPlugin }) => {
      tell(t('rolledBack', { version: rollbackPlugin?.plugin.version ?? '' }));
      noteLagging(rollbackPlugin?.lagging);
    },
    onError: complain,
  });
  return (
    <Card
      title={t('versions')}
      isFlush
      actions={
        may('plugins:manage') && (
          <Button size="small" onPress={() => setUpgrading(true)}>
            {t('upgrade')}
          </Button>
        )
      }
    >
      <Table
        label={t('versions')}
        items={versions.map((each) => ({ ...each, id: each.packageHash }))}
        columns={[
          {
            id: 'version',
            title: t('version'),
            isName: true,
            cell: ({ version, isInstalled }) => (
              <span className="row">
                {version}
                {isInstalled && <Badge tone="good">{t('present')}</Badge>}
              </span>
            ),
          },
          { id: 'at', title: t('installedAt'), cell: ({ installedAt }) => format.dateTime(installedAt) },
          {
            id: 'hash',
            title: 'SHA-256',
            isExtra: true,
            cell: ({ packageHash }) => <code>{packageHash.slice(0, 16)}…</code>,
          },
          {
            id: 'actions',
            title: t('actions'),
            cell: ({ version, isInstalled }) =>
              may('plugins:manage') &&
              !isInstalled && (
                <ConfirmButton
                  size="small"
                  kind="quiet"
                  title={t('rollbackTitle', { version })}
                  text={t('rollbackText')}
                  action={t('rollback')}
                  onConfirm={() => rollback.run({ input: { id, version } })}
                >
                  {t('rollback')}
                </ConfirmButton>
              ),
          },
        ]}
      />
      {isUpgrading && <Upgrade id={id} onClose={() => setUpgrading(false)} />}
    </Card>
  );
}

function Upgrade({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords(words);
  const noteLagging = useLagging();
  const upgrade = useAction(UpgradePluginOperation, {
    touches: ['plugins'],
    onDone: ({ upgradePlugin }) => {
      tell(t('upgraded', { version: upgradePlugin?.plugin.version ?? '' }));
      noteLagging(upgradePlugin?.lagging);
      onClose();
    },
  });
  const submit = (values: FormData) =>
    upgrade.run({ input: { id, version: textOf(values, 'version'), source: textOf(values, 'source') } });
  return (
    <Dialog isOpen onClose={onClose} title={t('upgrade')} size="small">
      <p className="quiet">{t('upgradeText')}</p>
      <Form onSubmit={submit} error={upgrade.error} names={['version', 'source']}>
        <TextField name="version" label={t('version')} description={t('versionHint')} autoFocus />
        <TextField name="source" label={t('source')} description={t('sameSource')} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={upgrade.isRunning}>
            {t('upgrade')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
