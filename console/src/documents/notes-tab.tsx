import { MessageSquare, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Button, IconButton } from '../ui/button';
import { Form, TextField } from '../ui/form';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { complain } from '../ui/toast';
import { documentWords } from './document-words';
import { AddNoteOperation, DeleteNoteOperation, DocumentNotesOperation } from './operations.gen';
import styles from './parts.module.css';

/** What people say about a document. */
export function NotesTab({ id, mayChange }: { id: string; mayChange: boolean }) {
  const t = useWords(documentWords);
  const format = useFormat();
  const viewer = useViewer();
  const [text, setText] = useState('');
  const list = useGraphList(
    DocumentNotesOperation,
    { id },
    {
      topics: ['documents'],
      connectionOf: ({ document }) => document?.notes ?? { nodes: [], pageInfo: { hasNextPage: false } },
    },
  );
  const add = useAction(AddNoteOperation, { touches: ['documents'] });
  const submit = async () => {
    if (await add.run({ input: { documentId: id, text } })) setText((typed) => (typed === text ? '' : typed));
  };
  const remove = useAction(DeleteNoteOperation, { touches: ['documents'], onError: complain });
  return (
    <Card isFlush>
      <div className={styles.inset}>
        <Form onSubmit={submit} error={add.error} names={['text']}>
          <TextField
            name="text"
            label={t('write')}
            value={text}
            onChange={setText}
            isMultiline
            isRequired
            maxLength={5000}
          />
          <span className="row">
            <Button type="submit" isPending={add.isRunning} isDisabled={text.trim() === ''}>
              {t('addNote')}
            </Button>
          </span>
        </Form>
      </div>
      <Answer of={list}>
        {() =>
          list.nodes.length === 0 ? (
            <EmptyState icon={<MessageSquare size={32} aria-hidden />} title={t('noNotes')} text={t('noNotesText')} />
          ) : (
            <>
              <ul className={styles.list}>
                {list.nodes.map((note) => (
                  <li key={note.id}>
                    <span className="row spread">
                      <span>
                        <strong>{note.author?.fullName ?? note.authorUsername}</strong>{' '}
                        <time className="quiet" dateTime={note.createdAt}>
                          {format.relative(note.createdAt)}
                        </time>
                      </span>
                      {(mayChange || note.authorId === viewer.id) && (
                        <IconButton
                          label={t('deleteNote')}
                          onPress={() => void remove.run({ input: { id: note.id, documentId: id } })}
                        >
                          <Trash2 size={16} aria-hidden />
                        </IconButton>
                      )}
                    </span>
                    <span className={styles.said}>{note.text}</span>
                  </li>
                ))}
              </ul>
              <More list={list} />
            </>
          )
        }
      </Answer>
    </Card>
  );
}
