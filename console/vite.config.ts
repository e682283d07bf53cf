import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** For `npm run dev --workspace=console`: the server that answers meanwhile. */
const server = process.env['PASSERELLE_URL'] ?? 'http://localhost:4000';
const ofServer = { target: server, changeOrigin: false, ws: true };

export default defineConfig({
  root: at('.'),
  base: '/console/',
  plugins: [react()],
  resolve: { alias: { '@passerelle/client': at('../packages/client/src/index.ts') } },
  build: {
    outDir: at('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // Of files below this Vite makes data: addresses, which the content policy refuses for scripts and frames.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page needs is one file: each file more costs a kilobyte of headers.
            { name: 'shell', tags: ['$initial'] },
            { name: 'icons', test: /lucide-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/static', '/kdocs', '/auth', '/core-docs', '/plugins', '/health', '/v1', '/api'].map((path) => [
        path,
        ofServer,
      ]),
    ),
  },
});
