import type { ReactElement, ReactNode } from 'react';
import { Header, Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import styles from './menu.module.css';

export interface MenuEntry {
  id: string;
  label: ReactNode;
  /** A path below the console. */
  href?: string;
  onAction?: () => unknown;
  isDanger?: boolean;
  isDisabled?: boolean;
  /** Shown as chosen. */
  isChosen?: boolean;
}

export interface MenuGroup {
  id: string;
  title?: ReactNode;
  entries: readonly MenuEntry[];
}

/** `children` is the button that opens it. */
export const Menu = ({
  label,
  groups,
  children,
}: {
  label: string;
  groups: readonly MenuGroup[];
  children: ReactElement;
}) => (
  <MenuTrigger>
    {children}
    <Popover className={`popover ${styles.popover}`} placement="bottom end">
      <AriaMenu aria-label={label} className={styles.menu ?? ''}>
        {groups.map(({ id, title, entries }) => (
          <MenuSection key={id} id={id} aria-label={typeof title === 'string' ? title : id}>
            {title !== undefined && <Header className={styles.header ?? ''}>{title}</Header>}
            {entries.map(({ id, label, href, onAction, isDanger, isDisabled, isChosen }) => (
              <MenuItem
                key={id}
                id={id}
                {...(href !== undefined && { href })}
                {...(onAction && { onAction: () => void onAction() })}
                isDisabled={isDisabled ?? false}
                className={`${styles.item} ${isDanger ? styles.danger : ''} ${isChosen ? styles.chosen : ''}`}
              >
                {label}
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
);
