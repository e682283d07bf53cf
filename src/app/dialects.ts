import { loginPage } from '../pages/login-page.js';
import { sameSitePath } from '../pages/same-site-path.js';
import { noSharePage, sharePage } from '../pages/share-page.js';
import { noVisitPage, visitPage } from '../pages/visit-page.js';
import { archidrive } from '../rest/archidrive/dialect.js';
import { budget } from '../rest/budget/dialect.js';
import type { Dialect } from '../rest/engine/route.js';
import { kdocs, kdocsSession, kdocsShared } from '../rest/kdocs/dialect.js';
import { smartleakpro, smartleakproVisits } from '../rest/smartleakpro/dialect.js';
import { xcore } from '../rest/xcore/dialect.js';
import type { Monitoring } from '../rest/xcore/monitoring.js';

/** What the dialects need of the server beside the graph. */
export interface DialectOptions {
  health: () => Promise<{ database: boolean; redis: boolean; disk: boolean }>;
  isReady: Monitoring['isReady'];
  metrics: Monitoring['metrics'];
  version: string;
  startedAt: Date;
  /** In which the firm's days begin. */
  timeZone: string;
  /** Whether the server shows a made-up firm. */
  demo: boolean;
}

/** What a process without the other dialects serves: `/health…` and `/metrics`, as xcore documents them. */
export function monitoringDialect(options: DialectOptions): Dialect {
  const { routes, ...dialect } = xcore(options);
  return { ...dialect, routes: routes.filter(({ tag }) => tag === 'monitoring') };
}

/** For what only reads the tables of routes: nothing that they answer is true. */
const unasked: DialectOptions = {
  health: async () => ({ database: false, redis: false, disk: false }),
  isReady: async () => false,
  metrics: { text: async () => '', token: undefined },
  version: '1.0.0',
  startedAt: new Date(0),
  timeZone: 'UTC',
  demo: false,
};

/** Every REST dialect that is served. Without options, for what only reads the tables of routes. */
export function dialects(options: Partial<DialectOptions> = {}): Dialect[] {
  const all = { ...unasked, ...options };
  return [
    xcore(all),
    archidrive,
    smartleakpro(all),
    budget,
    kdocs(all),
    kdocsSession({ loginPage, sameSitePath, ...all }),
    kdocsShared({ sharePage: (page, language) => sharePage(page, { ...all, language }), noSharePage }),
    smartleakproVisits({ visitPage, noVisitPage }),
  ];
}
