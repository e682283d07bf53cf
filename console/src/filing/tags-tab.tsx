import { Plus } from 'lucide-react';
import { useState } from 'react';
import { TagChip } from '../documents/tag-chip';
import { useAction, useGraphList } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { DeleteTagOperation, type FiledTagFragment, FiledTagsOperation } from './operations.gen';
import { RowActions } from './row-actions';
import { RuleText } from './rule-fields';
import { TagForm } from './tag-form';
import { words } from './words';

type Placed = FiledTagFragment & { depth: number };

/** Each tag below its parent, by name. One whose parent has not come yet stands at the top. */
function treeOf(tags: readonly FiledTagFragment[]): Placed[] {
  const known = new Set(tags.map(({ id }) => id));
  const below = (parentId: string | undefined, depth: number): Placed[] =>
    tags
      .filter(({ parent }) => (parent && known.has(parent.id) ? parent.id : undefined) === parentId)
      .flatMap((tag) => [{ ...tag, depth }, ...below(tag.id, depth + 1)]);
  return below(undefined, 0);
}

export function TagsTab() {
  const t = useWords(words);
  const [edited, setEdited] = useState<FiledTagFragment | 'new'>();
  const list = useGraphList(FiledTagsOperation, {}, { topics: ['filing'], connectionOf: ({ tags }) => tags! });
  const remove = useAction(DeleteTagOperation, { touches: ['filing', 'documents'], onError: complain });
  const close = () => setEdited(undefined);
  return (
    <Card
      isFlush
      actions={
        <Button kind="primary" onPress={() => setEdited('new')}>
          <Plus size={18} aria-hidden />
          {t('addTag')}
        </Button>
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('tags')}
              items={treeOf(list.nodes)}
              empty={<EmptyState title={t('noTags')} text={t('noTagsText')} />}
              columns={[
                {
                  id: 'name',
                  title: t('name'),
                  isName: true,
                  cell: ({ depth, name, color }) => (
                    <span style={{ paddingInlineStart: `${depth * 22}px` }}>
                      <TagChip name={name} color={color} />
                    </span>
                  ),
                },
                { id: 'rule', title: t('rule'), isExtra: true, cell: (tag) => <RuleText {...tag} /> },
                {
                  id: 'actions',
                  title: t('actions'),
                  isNumber: true,
                  cell: (tag) => (
                    <RowActions
                      name={tag.name}
                      text={t('removeTagText')}
                      onEdit={() => setEdited(tag)}
                      onRemove={async () => {
                        if (await remove.run({ input: { id: tag.id } })) tell(t('removed', { name: tag.name }));
                      }}
                    />
                  ),
                },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      <Dialog isOpen={edited !== undefined} onClose={close} title={t(edited === 'new' ? 'addTag' : 'editTag')}>
        {edited !== undefined && <TagForm tags={list.nodes} {...(edited !== 'new' && { tag: edited })} onEnd={close} />}
      </Dialog>
    </Card>
  );
}
