import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { DomainError } from '../lib/errors.js';
import { FolderInUse } from '../lib/folder-lock.js';
import { CliError, type ExitCode, exitCodes } from './exit-codes.js';
import { note } from './output.js';
import { program } from './program.js';

/** Runs one command line and resolves with the exit code. What goes wrong is one line on the error output. */
export async function runCli(words: readonly string[]): Promise<ExitCode> {
  // Whoever reads no further, as `head` does, ends the command without a word.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  const root = program();
  let exitCode: ExitCode = exitCodes.done;
  try {
    await root.parseAsync(words, { from: 'user' });
    if (process.exitCode !== undefined) exitCode = process.exitCode as ExitCode;
  } catch (error) {
    // Commander has printed its own: help, or what is wrong with the words.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    exitCode = codeOf(error);
    const isVerbose = words.includes('--verbose');
    note(`passerelle: ${isVerbose ? ((error as Error).stack ?? String(error)) : lineOf(error)}`);
  }
  return exitCode;
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof ConfigError || error instanceof FolderInUse) return exitCodes.refused;
  if (error instanceof DomainError && ['UNAUTHENTICATED', 'FORBIDDEN'].includes(error.code)) return exitCodes.refused;
  if (error instanceof DomainError && error.code === 'BAD_USER_INPUT') return exitCodes.usage;
  return exitCodes.failed;
}

function lineOf(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof FolderInUse)
    return `${message} Or let the command ask that server: --url and --token, where it has them.`;
  const isOurs = error instanceof CliError || error instanceof ConfigError || error instanceof DomainError;
  return isOurs ? message : `${message.split('\n')[0]} (--verbose says where)`;
}
