import { createContext } from 'react';

/** Level of the heading of what stands here: 1 in place of a page, 2 on a page, 3 in a dialog or a card with a title. */
export const HeadingLevel = createContext<1 | 2 | 3>(1);
