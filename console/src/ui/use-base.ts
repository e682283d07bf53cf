import { useState } from 'react';

/**
 * What a form that stays open began with: what is there now, until something is edited, and the same from then on. Its
 * fields are made anew when the version of `base` changes: give the form that as its key.
 */
export function useBase<T>(now: T) {
  const [held, setHeld] = useState<{ base: T }>();
  return {
    base: held ? held.base : now,
    /** Something was edited. */
    hold: (): void => setHeld((before) => before ?? { base: now }),
    /** It was saved, or given up. */
    release: (): void => setHeld(undefined),
  };
}
