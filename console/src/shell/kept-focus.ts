import { type RefObject, useEffect } from 'react';

/** What a thing on a page stands in, from which one goes on when it is gone. */
const surroundings = '[role=grid], [role=tabpanel], li, section, main';

/**
 * Keeps the keyboard where it was when what had it goes: the button of a row that was deleted, of a step that was done.
 * What is around it gets it, where a browser would begin at the top again.
 */
export function useKeptFocus(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let last: Element | undefined;
    let around: Element[] = [];
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof Element) || !main.current?.contains(target)) return;
      last = target;
      around = [];
      for (let at = target.parentElement; at && main.current.contains(at); at = at.parentElement)
        if (at.matches(surroundings)) around.push(at);
    };
    // Whoever clicks beside everything leaves it on purpose: it is still there afterwards.
    const forget = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) return;
      queueMicrotask(() => {
        if (last?.isConnected && document.activeElement === document.body) last = undefined;
      });
    };
    const keep = () => {
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      last = undefined;
      const next = around.find(({ isConnected }) => isConnected);
      if (!(next instanceof HTMLElement)) return;
      if (!next.hasAttribute('tabindex')) next.tabIndex = -1;
      next.focus({ preventScroll: true });
    };
    const watcher = new MutationObserver(keep);
    watcher.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', remember);
    document.addEventListener('focusout', forget);
    return () => {
      watcher.disconnect();
      document.removeEventListener('focusin', remember);
      document.removeEventListener('focusout', forget);
    };
  }, [main]);
}
