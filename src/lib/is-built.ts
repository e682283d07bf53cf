/**
 * Whether this runs from what was built. The graph, the routes and the tools of the core were checked from their
 * sources before, by `npm run check` and by every test: a start does not check them again, which took a quarter of it.
 */
export const isBuilt = import.meta.url.endsWith('.js');
