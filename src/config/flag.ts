import { z } from 'zod';

const flagText = 'is on or off';
/** A setting that is on or off. */
export const flag = z
  .enum(['0', '1', 'off', 'on', 'false', 'true'], flagText)
  .transform((v) => v === '1' || v === 'on' || v === 'true');
