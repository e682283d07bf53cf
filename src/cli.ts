#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { runCli } from './cli/run-cli.js';

// What Node compiled for one command is good for the next, which then takes half the time.
enableCompileCache();
const words = process.argv.slice(2);
process.exitCode = await runCli(words);
// Whatever a command that failed has left open must not keep it; the server goes on.
if (words.find((word) => !word.startsWith('-')) !== 'start')
  process.stderr.write('', () => process.stdout.write('', () => process.exit()));
