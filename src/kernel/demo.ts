import type { Context } from './context.js';

/** The made-up firm of a demonstration, which the modules fill in the order of their list. */
export interface DemoFirm {
  /** The whole firm, with two years behind it; otherwise a small one, which is there at once. */
  isWhole: boolean;
  /** What all its people sign in with. */
  password: string;
  /** Numbers of its people, by user name. */
  people: Map<string, number>;
  /** A fresh context of one of the people, who may do everything. Throws for a name that no module has made. */
  as: (username: string) => Context;
  /** A fresh context of the server itself. */
  asServer: () => Context;
}

/** Makes a module's part of the firm by its own commands. All names say « démo ». */
export type FillDemo = (firm: DemoFirm) => Promise<void>;
