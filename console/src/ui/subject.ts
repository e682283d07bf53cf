import { createContext, use } from 'react';

/**
 * Id of the element that names what the buttons and links here are about: a row, a card. Readers of the screen hear it
 * after the button's own name, which is the same in every row.
 */
export const Subject = createContext<string | undefined>(undefined);

/** Attributes of a button or link within a subject. */
export function useSubject(): { 'aria-describedby'?: string } {
  const id = use(Subject);
  return id === undefined ? {} : { 'aria-describedby': id };
}
