import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { tell } from '../ui/toast';
import { ApproveOperation, CommentDecisionOperation, RejectOperation, type WaitingFragment } from './operations.gen';
import { words } from './words';

export type Decision = 'approve' | 'reject' | 'comment';

interface DecideDialogProps {
  /** Undefined: closed. */
  decision: Decision | undefined;
  approval: WaitingFragment;
  /** `isDone`: it is decided, so that it no longer waits. */
  onEnd: (isDone: boolean) => void;
}

const said = { approve: 'approved', reject: 'rejected', comment: 'commented' } as const;

/** Asks for the comment, and decides. */
export function DecideDialog({ decision, approval, onEnd }: DecideDialogProps) {
  const t = useWords(words);
  const name = approval.document?.title ?? '';
  return (
    <Dialog
      isOpen={decision !== undefined}
      onClose={() => onEnd(false)}
      title={decision === undefined ? '' : t(`${decision}Title`, { name })}
    >
      {decision !== undefined && <DecideForm decision={decision} name={name} id={approval.id} onEnd={onEnd} />}
    </Dialog>
  );
}

interface DecideFormProps {
  decision: Decision;
  name: string;
  /** Number of the document. */
  id: string;
  onEnd: (isDone: boolean) => void;
}

function DecideForm({ decision, name, id, onEnd }: DecideFormProps) {
  const t = useWords(words);
  const touches = ['approvals', 'documents'] as const;
  const approve = useAction(ApproveOperation, { touches });
  const reject = useAction(RejectOperation, { touches });
  const comment = useAction(CommentDecisionOperation, { touches });
  const action = { approve, reject, comment }[decision];
  const submit = async (values: FormData) => {
    const text = String(values.get('comment') ?? '').trim();
    const done = await action.run({ input: { documentId: id, comment: text || null } as never });
    if (!done) return;
    tell(t(said[decision], { name }));
    onEnd(decision !== 'comment');
  };
  return (
    <Form onSubmit={submit} error={action.error} names={['comment']}>
      <TextField
        name="comment"
        label={t(decision === 'comment' ? 'commentNeeded' : 'commentOptional')}
        isRequired={decision === 'comment'}
        isMultiline
        maxLength={2000}
        autoFocus
      />
      <DialogActions>
        <Button onPress={() => onEnd(false)}>{t('cancel')}</Button>
        <Button kind={decision === 'reject' ? 'danger' : 'primary'} type="submit" isPending={action.isRunning}>
          {t(decision)}
        </Button>
      </DialogActions>
    </Form>
  );
}
