import { createLink, type LinkComponent } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { useSubject } from './subject';
import { Tooltip } from './tooltip';
import styles from './button.module.css';

/** `primary`: the one thing that a page is for. `danger`: what cannot be undone. `quiet`: without a frame. */
export type ButtonKind = 'normal' | 'primary' | 'danger' | 'quiet';

/** Absent classes are left out. */
const lookOf = (kind: ButtonKind, size: 'normal' | 'small' | 'icon'): string =>
  [styles.button, styles[kind], styles[size]].filter(Boolean).join(' ');

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  kind?: ButtonKind;
  size?: 'normal' | 'small';
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = 'normal', size = 'normal', children, ...props }: ButtonProps) {
  return (
    <AriaButton {...useSubject()} {...props} className={lookOf(kind, size)}>
      {props.isPending && <LoaderCircle size={16} className={styles.turning} aria-hidden />}
      {children}
    </AriaButton>
  );
}

/** A button with a picture alone: `label` is its name, and is shown when one points at it. */
export function IconButton({ label, children, ...props }: ButtonProps & { label: string }) {
  return (
    <Tooltip text={label}>
      <AriaButton {...useSubject()} {...props} aria-label={label} className={lookOf(props.kind ?? 'quiet', 'icon')}>
        {children}
      </AriaButton>
    </Tooltip>
  );
}

interface LinkLook {
  kind?: ButtonKind;
  size?: 'normal' | 'small';
  children?: ReactNode;
  href?: string;
}

/** A plain `a`: the address that the router gives it has the console's base already, which a link of React Aria adds again. */
const PlainLinkButton = ({ kind = 'normal', size = 'normal', children, ...props }: LinkLook) => (
  <a {...useSubject()} {...props} className={lookOf(kind, size)}>
    {children}
  </a>
);

/** A link to a page of the console that looks like a button: `to`, `params` and `search` as the router's `Link`. */
export const LinkButton: LinkComponent<typeof PlainLinkButton> = createLink(PlainLinkButton);

/** A link to a file or to a page outside of the console. */
export const FileLink = ({
  href,
  download,
  children,
  kind = 'normal',
  size = 'normal',
}: LinkLook & { href: string; download?: string | boolean }) => (
  <a
    {...useSubject()}
    href={href}
    {...(download !== undefined && { download })}
    {...(download === undefined && { target: '_blank', rel: 'noreferrer' })}
    className={lookOf(kind, size)}
  >
    {children}
  </a>
);
