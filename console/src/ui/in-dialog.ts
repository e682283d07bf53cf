import { createContext } from 'react';

/** True for what a dialog holds: it closes on its answer, and takes along what was typed meanwhile. */
export const InDialog = createContext(false);
