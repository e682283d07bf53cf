import { z } from 'zod';
import { emailPattern, longestPersonField, passwordWeaknesses, phonePattern } from '../../lib/person-rules.js';

// Shapes of people that several dialects use. The graph's commands have the same rules; checked by a shape as well,
// they are reported together with the other problems of a body.

export const emailShape = z
  .string()
  .trim()
  .max(longestPersonField.email)
  .regex(emailPattern, 'Must be an e-mail address');

export const newPasswordShape = z.string().superRefine((password, context) => {
  for (const { message } of passwordWeaknesses(password)) context.addIssue({ code: 'custom', message });
});

export const phoneShape = z
  .string()
  .trim()
  .max(longestPersonField.phone)
  .regex(phonePattern, 'Must be digits, spaces and + . - ( )');

export const addressShape = z.object({
  street: z.string().trim().max(longestPersonField.street).nullish(),
  city: z.string().trim().max(longestPersonField.city).nullish(),
  postalCode: z.string().trim().max(longestPersonField.postalCode).nullish(),
  country: z.string().trim().max(longestPersonField.country).nullish(),
});

/** A given or family name. */
export const nameShape = z.string().trim().min(1).max(longestPersonField.firstName);
