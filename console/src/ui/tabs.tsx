import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabItem {
  id: string;
  title: ReactNode;
  content: () => ReactNode;
}

/** Parts of a page of which one is shown. With `selected` the address should say which. */
export const Tabs = ({
  label,
  tabs,
  selected,
  onSelect,
}: {
  label: string;
  tabs: readonly TabItem[];
  selected?: string;
  onSelect?: (id: string) => void;
}) => (
  <AriaTabs
    className={styles.tabs ?? ''}
    {...(selected !== undefined && { selectedKey: selected })}
    {...(onSelect && { onSelectionChange: (key) => onSelect(String(key)) })}
  >
    <TabList aria-label={label} className={styles.list ?? ''}>
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
