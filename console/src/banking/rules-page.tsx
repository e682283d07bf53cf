import { ArrowDown, ArrowUp, ListChecks, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { moneyWords } from './money-words';
import { DeleteRuleOperation, type RuleFactsFragment, RulesOperation, UpdateRuleOperation } from './operations.gen';
import { RuleDialog } from './rule-dialog';
import { RuleDryRun } from './rule-dry-run';
import styles from './rules-page.module.css';

/** The rules by which transactions get their category, in the order in which they are asked. */
export function RulesPage() {
  const t = useWords(moneyWords);
  const format = useFormat();
  const [edited, setEdited] = useState<RuleFactsFragment | 'new'>();
  const [tried, setTried] = useState<RuleFactsFragment>();
  const list = useGraphList(
    RulesOperation,
    {},
    { topics: ['banking'], connectionOf: ({ categorizationRules }) => categorizationRules ?? none },
  );
  const update = useAction(UpdateRuleOperation, { touches: ['banking'], onError: complain });
  const remove = useAction(DeleteRuleOperation, { touches: ['banking'], onError: complain });
  const add = (
    <Button kind="primary" onPress={() => setEdited('new')}>
      <Plus size={18} aria-hidden />
      {t('addRule')}
    </Button>
  );
  const move = (rule: RuleFactsFragment, by: number) =>
    update.run({ input: { id: rule.id, position: rule.position + by } });
  return (
    <Page title={t('rules')} lead={t('rulesLead')} actions={add}>
      <Card isFlush>
        <Answer of={{ ...list, data: list.first }}>
          {() =>
            list.nodes.length === 0 ? (
              <EmptyState
                icon={<ListChecks size={32} aria-hidden />}
                title={t('noRules')}
                text={t('noRulesText')}
                action={add}
              />
            ) : (
              <>
                <Table
                  label={t('rules')}
                  items={list.nodes}
                  columns={[
                    {
                      id: 'order',
                      title: t('order'),
                      isShort: true,
                      cell: (rule) => (
                        <span>
                          <IconButton
                            label={t('moveUp', { name: rule.name })}
                            isDisabled={rule.position === 1}
                            onPress={() => void move(rule, -1)}
                          >
                            <ArrowUp size={16} aria-hidden />
                          </IconButton>
                          <IconButton
                            label={t('moveDown', { name: rule.name })}
                            isDisabled={rule.id === list.nodes.at(-1)?.id}
                            onPress={() => void move(rule, 1)}
                          >
                            <ArrowDown size={16} aria-hidden />
                          </IconButton>
                        </span>
                      ),
                    },
                    {
                      id: 'name',
                      title: t('name'),
                      isName: true,
                      cell: ({ name }) => name,
                      below: ({ category }) => category?.name,
                    },
                    {
                      id: 'when',
                      title: t('when'),
                      isExtra: true,
                      cell: ({ conditions }) =>
                        format.list(
                          conditions.map(({ field, operator, values }) =>
                            t('condition', {
                              field: t(`field_${field}`),
                              operator: t(`operator_${operator}`),
                              values: values.join(', '),
                            }),
                          ),
                        ),
                    },
                    {
                      id: 'gives',
                      title: t('gives'),
                      isExtra: true,
                      cell: ({ category, labels }) => (
                        <span className="row">
                          {category?.name}
                          {labels.map((label) => (
                            <Badge key={label}>{label}</Badge>
                          ))}
                        </span>
                      ),
                    },
                    {
                      id: 'actions',
                      title: t('actions'),
                      isTitleHidden: true,
                      isShort: true,
                      cell: (rule) => (
                        <span className={styles.actions}>
                          <Button size="small" onPress={() => setTried(rule)}>
                            {t('tryIt')}
                          </Button>
                          <Button size="small" kind="quiet" onPress={() => setEdited(rule)}>
                            {t('edit')}
                          </Button>
                          <ConfirmButton
                            kind="quiet"
                            size="small"
                            title={t('deleteOf', { name: rule.name })}
                            text={t('deleteRuleText')}
                            action={t('delete')}
                            onConfirm={async () => {
                              if (await remove.run({ input: { id: rule.id } })) tell(t('deleted', { name: rule.name }));
                            }}
                          >
                            {t('delete')}
                          </ConfirmButton>
                        </span>
                      ),
                    },
                  ]}
                />
                <More list={list} />
              </>
            )
          }
        </Answer>
      </Card>
      {edited && <RuleDialog {...(edited !== 'new' && { rule: edited })} onClose={() => setEdited(undefined)} />}
      {tried && <RuleDryRun rule={tried} onClose={() => setTried(undefined)} />}
    </Page>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
