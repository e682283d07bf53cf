import type { TransactionHooks } from '../modules/banking/transactions/transaction-hooks.js';
import type { FieldworkHooks } from '../modules/clients/fieldwork-hooks.js';
import type { DocumentHooks } from '../modules/documents/document-hooks.js';
import type { VisitHooks } from '../modules/interventions/contracts/visit-hooks.js';

/**
 * Steps that a module adds to the commands of a module before it in the list, which cannot import it: approvals open
 * when documents are filed. A hook is declared, as a function type, by the module whose commands run it; it runs in
 * their transaction, and the command fails when it throws.
 */
export interface Hooks extends DocumentHooks, TransactionHooks, FieldworkHooks, VisitHooks {}

type Hook = (...given: never[]) => Promise<void>;

/** The steps of one module: its part of the manifest. */
export type HookSteps = Readonly<Partial<Hooks>>;

/** Runs the steps of all modules for one hook, one after the other in the order of the modules. */
export type RunHook = <N extends keyof Hooks>(name: N, ...given: Parameters<Hooks[N]>) => Promise<void>;

export const hookRunner =
  (all: readonly HookSteps[]): RunHook =>
  async (name, ...given) => {
    for (const steps of all) await (steps[name] as Hook | undefined)?.(...(given as unknown as never[]));
  };
