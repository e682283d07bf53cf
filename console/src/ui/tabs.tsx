import { type ReactNode, useEffect, useRef } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabItem {
  id: string;
  title: ReactNode;
  content: () => ReactNode;
}

/** Has the list show the whole of the tab that is chosen, where not all have room. */
function useShownTab(selected: string | undefined) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The tabs come with the second drawing of the list.
    const drawn = requestAnimationFrame(() => {
      const tab = list.current?.querySelector('[aria-selected=true]')?.getBoundingClientRect();
      const around = list.current?.getBoundingClientRect();
      if (!tab || !around) return;
      const beyond = Math.max(0, tab.right + edgePx - around.right) + Math.min(0, tab.left - edgePx - around.left);
      // Not by scrollIntoView, which would move the page too.
      list.current?.scrollBy({ left: beyond });
    });
    return () => cancelAnimationFrame(drawn);
  }, [selected]);
  return list;
}

/** How much of the next one is seen beside it. */
const edgePx = 24;

/** Parts of a page of which one is shown. With `selected` the address should say which. */
export function Tabs({
  label,
  tabs,
  selected,
  onSelect,
}: {
  label: string;
  tabs: readonly TabItem[];
  selected?: string;
  onSelect?: (id: string) => void;
}) {
  const list = useShownTab(selected);
  return (
    <AriaTabs
      className={styles.tabs ?? ''}
      {...(selected !== undefined && { selectedKey: selected })}
      {...(onSelect && { onSelectionChange: (key) => onSelect(String(key)) })}
    >
      <TabList ref={list} aria-label={label} className={styles.list ?? ''}>
        {tabs.map(({ id, title }) => (
          <Tab key={id} id={id} className={styles.tab ?? ''}>
            {title}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className={styles.panel ?? ''}>
          {content()}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
