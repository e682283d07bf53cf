import type { ReactElement, ReactNode, RefObject } from 'react';
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

interface MenuProps {
  label: string;
  groups: readonly MenuGroup[];
}

/** `children` is the button that opens it. */
export const Menu = ({ children, ...list }: MenuProps & { children: ReactElement }) => (
  <MenuTrigger>
    {children}
    <Popover className={`popover ${styles.popover}`} placement="bottom end">
      <MenuList {...list} />
    </Popover>
  </MenuTrigger>
);

/** Where the keyboard is first: on an entry, or on none yet, as for whoever points. */
export type MenuStart = 'first' | 'last' | 'menu';

interface MenuBelowProps extends MenuProps {
  /** The button that it belongs to: it gets the keyboard again. */
  button: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onClose: () => void;
  from: MenuStart;
}

/** The same below a button of the frame, which is there before this is loaded. */
export const MenuBelow = ({ button, isOpen, onClose, from, ...list }: MenuBelowProps) => (
  <Popover
    className={`popover ${styles.popover}`}
    placement="bottom end"
    triggerRef={button}
    isOpen={isOpen}
    onOpenChange={(open) => !open && onClose()}
  >
    <MenuList {...list} onClose={onClose} autoFocus={from === 'menu' || from} />
  </Popover>
);

interface MenuListProps extends MenuProps {
  onClose?: () => void;
  autoFocus?: 'first' | 'last' | boolean;
}

const MenuList = ({ label, groups, ...props }: MenuListProps) => (
  <AriaMenu {...props} aria-label={label} className={styles.menu ?? ''}>
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
);
