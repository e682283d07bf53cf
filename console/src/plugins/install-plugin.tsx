import { useState } from 'react';
import { useAction, useLive } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Progress } from '../ui/progress';
import { tell } from '../ui/toast';
import { InstallPluginOperation, PluginProgressOperation } from './operations.gen';
import { words } from './words';

/** Fetches a plugin and tries it out; how far it is comes live. It gets no capability before one is granted. */
export function InstallPlugin({ onClose, onDone }: { onClose: () => void; onDone: (id: string) => void }) {
  const t = useWords(words);
  const [step, setStep] = useState<string | null>(null);
  const install = useAction(InstallPluginOperation, {
    touches: ['plugins'],
    onDone: ({ installPlugin }) => {
      tell(t('installed'));
      if (installPlugin) onDone(installPlugin.plugin.id);
    },
  });
  useLive(
    PluginProgressOperation,
    {},
    { enabled: install.isRunning, onEvent: ({ pluginEvents }) => setStep(pluginEvents.step) },
  );
  const submit = (values: FormData) =>
    install.run({
      input: {
        id: textOf(values, 'id') ?? '',
        source: textOf(values, 'source') ?? '',
        version: textOf(values, 'version'),
        grants: [],
      },
    });
  return (
    <Dialog isOpen onClose={onClose} title={t('install')}>
      <p className="quiet">{t('installText')}</p>
      <Form onSubmit={submit} error={install.error} names={['id', 'source', 'version']}>
        <TextField name="id" label={t('id')} description={t('idHint')} isRequired autoFocus />
        <TextField name="source" label={t('source')} description={t('sourceHint')} isRequired />
        <TextField name="version" label={t('version')} description={t('versionHint')} />
        {install.isRunning && (
          <Progress label={step === 'trying' ? t('trying') : t('fetching')} value={step === 'trying' ? 70 : null} />
        )}
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={install.isRunning}>
            {t('install')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
