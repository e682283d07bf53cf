import type { PersonalData } from '../../kernel/personal-data.js';

/** Why the export of a person does not repeat the firm's work: it is about its clients. */
export const isOfTheFirm = { none: "It is the firm's work for its clients, and says nothing of the person" };
/** Why rows of the firm's work stay when who made them is erased. */
export const staysWithTheFirm = { kept: "The firm's work stays, under the person's number" };

export const clientPersonalData: PersonalData = {
  references: { 'clients.created_by_id': { export: isOfTheFirm, erasure: staysWithTheFirm } },
};
