import type { LinkName, Links } from '../kernel/links.js';
import type { Dialect } from '../rest/engine/route.js';

/** Every link, so that one without a route stops the start. */
const names: Readonly<Record<LinkName, true>> = {
  documentFile: true,
  documentView: true,
  documentPreview: true,
  documentPage: true,
  documentVersionFile: true,
  interventionSignature: true,
  invoicePdf: true,
  mediumFile: true,
  mediumThumbnail: true,
  receiptFile: true,
  personalDataExport: true,
  reminderPdf: true,
  reportFile: true,
  sharedDocument: true,
  calendarFeed: true,
  customerVisit: true,
};

/** Makes the graph's links from the routes that are marked with them. Throws when a link has no route, or several. */
export function linksOf(dialects: readonly Dialect[], publicUrl: string): Links {
  const patterns = new Map<string, string>();
  for (const { prefix, routes } of dialects) {
    for (const { link, path } of routes) {
      if (link === undefined) continue;
      if (patterns.has(link)) throw new Error(`Two routes serve the link ${link}: mark one of them`);
      patterns.set(link, prefix + path);
    }
  }
  const missing = Object.keys(names).filter((name) => !patterns.has(name));
  if (missing.length > 0) throw new Error(`No route serves the links ${missing.join(', ')}: mark one with \`link\``);

  const path: Links['path'] = (name, params) => fill(patterns.get(name) ?? '', params);
  return { path, url: (name, params) => publicUrl + path(name, params) };
}

function fill(pattern: string, params: Readonly<Record<string, string | number>>): string {
  return pattern.replace(/:(\w+)/g, (_match, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The path ${pattern} needs the parameter ${name}`);
    return encodeURIComponent(value);
  });
}
