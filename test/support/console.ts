import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Person, TestServer } from './harness.js';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** On a machine without Chromium the console's tests are left out; the gate installs it, and insists. */
export const hasBrowser = Boolean(process.env['CI'] || executablePath);

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executablePath ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });

/** What a page has in itself, and the browser's own viewer of PDFs. */
const own = new Set(['data:', 'blob:', 'chrome:', 'chrome-extension:']);

export interface Screen {
  page: Page;
  context: BrowserContext;
  /** What must not happen: a script's error, a broken content policy, a request to another host. */
  trouble: string[];
}

export interface ScreenOptions {
  width?: number;
  colorScheme?: 'light' | 'dark';
  locale?: string;
  /** Default: that of the machine. */
  timezoneId?: string;
  /** A phone: touched, and with a viewport of its own. */
  hasTouch?: boolean;
}

/** A browser window on a page of the console, signed in by its form as the person; nobody: signed out. */
export async function openScreen(
  browser: Browser,
  server: TestServer,
  person: Pick<Person, 'email' | 'password'> | undefined,
  path: string,
  { width = 1280, colorScheme = 'light', locale = 'en-GB', timezoneId, hasTouch = false }: ScreenOptions = {},
): Promise<Screen> {
  const context = await browser.newContext({
    viewport: { width, height: 850 },
    colorScheme,
    locale,
    ...(timezoneId !== undefined && { timezoneId }),
    hasTouch,
    isMobile: hasTouch,
    baseURL: server.url,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d|503)|net::ERR_/.test(message.text()))
      trouble.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!own.has(protocol) && origin !== server.url) trouble.push(`foreign: ${request.url()}`);
  });
  await page.goto(`/console${path}`);
  if (person) await signInOn(page, person);
  return { page, context, trouble };
}

/** By the form, which leads back to the page that was asked for. */
export async function signInOn(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel(/^(User name|Identifiant)/).fill(email);
  await page.getByLabel(/^(Password|Mot de passe)/).fill(password);
  await page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

/**
 * What axe finds on the page, a line for each; WCAG 2.2 AA. Where React Aria has said
 * something to screen readers is left out: for some seconds it names elements that may be gone.
 */
export async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(axe);
  // What passes is neither written out nor sent: it is most of what axe finds.
  const violations = (await page.evaluate(
    `axe.run({ exclude: ['[data-live-announcer]'] }, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      resultTypes: ['violations'],
    }).then(({ violations }) => violations)`,
  )) as { id: string; nodes: { html: string; failureSummary: string }[] }[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** The barriers of a page in both themes. */
export async function barriersInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Two frames: the first one begins what then ends.
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)))');
    // Colours that still change look like barriers once, and not twice.
    let standing = await barriers(page);
    if (standing.length > 0) {
      await page.waitForTimeout(700);
      standing = await barriers(page);
    }
    for (const barrier of standing) found.push(`${colorScheme}: ${barrier}`);
  }
  return found;
}
