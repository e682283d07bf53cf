import { useRef, useState } from 'react';

interface Held<T> {
  base: T;
  key: number;
}

/**
 * What a form that stays open began with: what is there now, until something is edited, and the same from then on. Its
 * fields are made anew when `key` changes: give the form that as its key.
 */
export function useBase<T extends { version: number }>(now: T) {
  const [held, setHeld] = useState<Held<T>>();
  const edits = useRef(0);
  const sent = useRef(0);
  const { base, key } = held ?? { base: now, key: now.version };
  return {
    base,
    key,
    /** Something was edited. */
    hold: (): void => {
      edits.current += 1;
      setHeld((before) => before ?? { base: now, key: now.version });
    },
    /** It was given up. */
    release: (): void => setHeld(undefined),
    /** The form was sent as it is. */
    noteSent: (): void => {
      sent.current = edits.current;
    },
    /** What was sent is saved. What was typed since stays in the fields, to be saved on top of this version. */
    noteSaved: (version: number): void =>
      setHeld((before) =>
        before && edits.current !== sent.current ? { base: { ...before.base, version }, key: before.key } : undefined,
      ),
  };
}
