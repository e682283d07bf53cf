/**
 * `node scripts/has-exec.mjs`: succeeds where npm's shell has `exec`, everywhere but on Windows. With it the shell
 * becomes the server, and SIGTERM to `npm start` reaches it; a shell that stays would end alone.
 */
process.exit(process.platform === 'win32' ? 1 : 0);
