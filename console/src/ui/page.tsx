import { PasserelleError } from '@passerelle/client';
import { Inbox, LoaderCircle, Lock } from 'lucide-react';
import { type ReactNode, use, useEffect, useRef } from 'react';
import { problemText } from '../graph/problems';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from './button';
import { HeadingLevel } from './heading-level';
import { Notice } from './notice';
import { words } from './words';
import styles from './page.module.css';

/** The name of the page in the tab of the browser. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Passerelle`;
  }, [title]);
}

/**
 * The heading of the page. Whoever came by a link hears it and goes on from there: the frame gave the keyboard to the
 * whole page while this was loading.
 */
function PageTitle({ title, children = title }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    if (document.activeElement?.id === 'main') heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} id="page-title" className={styles.title}>
      {children}
    </h1>
  );
}

interface PageProps {
  title: string;
  /** Beside the title, of a person for instance. */
  mark?: ReactNode;
  lead?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page below the navigation. */
export function Page({ title, mark, lead, actions, children }: PageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.words}>
          <PageTitle title={title}>
            {title} {mark}
          </PageTitle>
          {lead !== undefined && <div className="quiet">{lead}</div>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      <HeadingLevel value={2}>{children}</HeadingLevel>
    </div>
  );
}

/** A part of a page with a frame. */
export const Card = ({
  title,
  actions,
  children,
  isFlush = false,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  /** Without space around what is inside: tables. */
  isFlush?: boolean;
}) => (
  <section className={styles.card}>
    {(title !== undefined || actions !== undefined) && (
      <header className={styles.cardHead}>
        {title !== undefined && <h2>{title}</h2>}
        {actions !== undefined && <div className={`row ${styles.cardActions}`}>{actions}</div>}
      </header>
    )}
    <HeadingLevel value={title === undefined ? 2 : 3}>
      <div className={isFlush ? styles.flush : styles.cardBody}>{children}</div>
    </HeadingLevel>
  </section>
);

/** Names and values. `facts` without a value are left out. */
export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className={styles.facts}>
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** One number that matters, with its name. */
export const Figure = ({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) => (
  <div className={styles.figure}>
    <span className="quiet">{name}</span>
    <strong>{value}</strong>
    {note !== undefined && <span className={styles.note}>{note}</span>}
  </div>
);

/** Where there is nothing: says what would be here and how it gets here. */
export function EmptyState({
  title,
  text,
  action,
  icon,
}: {
  title: string;
  text?: string;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  const level = use(HeadingLevel);
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={styles.empty}>
      {icon ?? <Inbox size={32} aria-hidden />}
      {level === 1 ? <PageTitle title={title} /> : <Heading className={styles.title}>{title}</Heading>}
      {text !== undefined && <p className="quiet">{text}</p>}
      {action}
    </div>
  );
}

export function Loading() {
  const t = useWords(words);
  return (
    <div className={styles.loading} role="status">
      <LoaderCircle size={24} className={styles.turning} aria-hidden />
      <span className="visually-hidden">{t('loading')}</span>
    </div>
  );
}

interface AnswerProps<Data> {
  of: { data: Data | undefined; error: unknown; refetch: () => unknown };
  children: (data: Data) => ReactNode;
}

/** What a query answered, or that it is under way, or why it failed with a way to try again. */
export function Answer<Data>({ of: { data, error, refetch }, children }: AnswerProps<Data>) {
  if (error && data === undefined) return <Failure error={error} retry={refetch} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      {Boolean(error) && <Notice tone="warn">{problemText(error)}</Notice>}
      {children(data)}
    </>
  );
}

export function Failure({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const t = useWords(words);
  if (error instanceof PasserelleError && error.code === 'FORBIDDEN')
    return <EmptyState icon={<Lock size={32} aria-hidden />} title={t('refused')} text={t('refusedText')} />;
  return (
    <div role="alert">
      <EmptyState
        title={t('failed')}
        text={problemText(error)}
        action={retry && <Button onPress={() => void retry()}>{t('again')}</Button>}
      />
    </div>
  );
}

/** Below a list that goes on. */
export function More({
  list,
}: {
  list: {
    nodes: readonly unknown[];
    totalCount?: number | undefined;
    isEstimated?: boolean;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
}) {
  const t = useWords(words);
  const format = useFormat();
  if (list.nodes.length === 0) return null;
  return (
    <div className={styles.more}>
      {list.totalCount !== undefined && (
        <span className="quiet">
          {list.isEstimated
            ? t('shownOfAbout', { shown: list.nodes.length, total: format.number(list.totalCount) })
            : t('shown', { shown: list.nodes.length, total: list.totalCount })}
        </span>
      )}
      {list.hasNextPage && (
        <Button size="small" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}
