import type { Transaction } from '../../../db/sql-client.js';
import type { CommandContext } from '../../../kernel/command.js';

export interface PlannedVisit {
  interventionId: string;
  clientId: string;
  startsAt: Date;
  endsAt: Date;
  /** As it was given; null: nobody. */
  technician: string | null;
  technicianUserId: number | null;
  /** Who made the contract. */
  createdById: number | null;
}

/** Where later modules may add a step to what contracts do. */
export interface VisitHooks {
  /**
   * A contract has made the intervention of a visit that is to come; its client and the contract are locked. Who throws
   * CONFLICT has only their own step undone: the intervention stays, and people are told that nothing was booked.
   */
  visitPlanned: (tx: Transaction, ctx: CommandContext, visit: PlannedVisit) => Promise<void>;
}
