import { useState } from 'react';
import { problemText } from '../graph/problems';
import { useAction, useLive } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { FileDrop } from '../ui/file-drop';
import { Problem } from '../ui/notice';
import { Loading } from '../ui/page';
import { Progress } from '../ui/progress';
import { tell } from '../ui/toast';
import { columnsOf, type FileMapping } from './file-columns';
import { ImportPreview } from './import-preview';
import { importWords } from './import-words';
import { MappingFields } from './mapping-fields';
import {
  type AccountFactsFragment,
  ImportFileOperation,
  ImportProgressOperation,
  PreviewImportOperation,
  type PreviewImportMutation,
} from './operations.gen';
import { useUndoImport } from './undo-import';

const types = ['.csv', '.txt', '.tsv', '.xml', '.ofx', '.qfx', '.camt'];

/** A file of the bank: first what each booking would become, then, when the person says so, the import. */
export function ImportDialog({ account, onClose }: { account: AccountFactsFragment; onClose: () => void }) {
  const t = useWords(importWords);
  const [file, setFile] = useState<File>();
  const [columns, setColumns] = useState<string[]>([]);
  const [mapping, setMapping] = useState<FileMapping>({});
  const [preview, setPreview] = useState<NonNullable<PreviewImportMutation['previewImport']>>();
  const [createFlagged, setCreateFlagged] = useState(true);
  const [recreated, setRecreated] = useState<ReadonlySet<number>>(new Set());
  const [progress, setProgress] = useState<number>();
  const { undo } = useUndoImport();
  const look = useAction(PreviewImportOperation, { touches: [] });
  const take = useAction(ImportFileOperation, { touches: ['banking'] });
  useLive(
    ImportProgressOperation,
    {},
    {
      enabled: take.isRunning,
      onEvent: ({ importEvents: { accountId, done, total } }) => {
        if (accountId === account.id && done != null && total) setProgress((100 * done) / total);
      },
    },
  );

  const inputOf = (of: File, chosen: FileMapping, flagged: boolean, lines: ReadonlySet<number>) => ({
    accountId: account.id,
    file: of,
    createFlagged: flagged,
    ...(Object.keys(chosen).length > 0 && { mapping: chosen }),
    ...(lines.size > 0 && { recreate: [...lines] }),
  });
  const show = async (of: File, chosen: FileMapping, flagged = createFlagged, lines = recreated): Promise<void> => {
    const done = await look.run({ input: inputOf(of, chosen, flagged, lines) });
    const found = done?.previewImport ?? undefined;
    setPreview(found);
    const read = (found?.mapping as FileMapping | null | undefined) ?? chosen;
    setMapping(read);
    if (!found || found.format === 'CSV') setColumns(await columnsOf(of, read));
  };
  const choose = ([chosen]: File[]): void => {
    if (!chosen) return;
    setFile(chosen);
    setRecreated(new Set());
    void show(chosen, {}, createFlagged, new Set());
  };
  const importNow = async (): Promise<void> => {
    if (!file) return;
    setProgress(0);
    const done = await take.run({ input: inputOf(file, mapping, createFlagged, recreated) });
    const made = done?.importTransactions?.bankImport;
    if (!made) return;
    tell(t('imported', { count: made.createdCount }), () => undo(made.id));
    onClose();
  };

  const isReady = preview && preview.createdCount > 0;

  return (
    <Dialog isOpen onClose={onClose} title={t('importInto', { name: account.name })} size="large">
      {/* What is sent stands fast until its answer, which closes the dialog. */}
      <div className="stack" inert={take.isRunning} aria-busy={take.isRunning}>
        <FileDrop label={t('importDrop')} action={t('chooseFile')} accept={types} isMultiple={false} onFiles={choose} />
        {!file && <p className="quiet">{t('importLead')}</p>}
        {file && Boolean(look.error ?? take.error) && <Problem>{problemText(look.error ?? take.error)}</Problem>}
        {look.isRunning && !preview && <Loading />}
        {file && columns.length > 0 && (
          <MappingFields
            key={file.name + file.lastModified}
            columns={columns}
            mapping={mapping}
            isOpen={Boolean(look.error)}
            onChange={(next) => void show(file, next)}
          />
        )}
        {file && preview && (
          <ImportPreview
            preview={preview}
            currency={account.currency}
            fileName={file.name}
            createFlagged={createFlagged}
            onCreateFlagged={(flagged) => {
              setCreateFlagged(flagged);
              void show(file, mapping, flagged);
            }}
            recreated={recreated}
            onRecreate={(lines) => {
              setRecreated(lines);
              void show(file, mapping, createFlagged, lines);
            }}
          />
        )}
      </div>
      {take.isRunning && <Progress label={t('importing')} value={progress} />}
      <DialogActions>
        <Button onPress={onClose}>{t('cancel')}</Button>
        <Button kind="primary" isDisabled={!isReady || look.isRunning} isPending={take.isRunning} onPress={importNow}>
          {isReady ? t('importNow', { count: preview.createdCount }) : t('importFile')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
