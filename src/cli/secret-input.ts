import { readFileSync } from 'node:fs';
import { CliError, exitCodes, wrongUsage } from './exit-codes.js';

/**
 * A secret that a person gives: the first line of the standard input when that is no terminal, otherwise asked for
 * without an echo, twice when `repeat` says so. Never an argument, which others see in the list of processes.
 */
export async function readSecret(question: string, { repeat = false } = {}): Promise<string> {
  if (!process.stdin.isTTY) {
    const [line = ''] = readFileSync(0, 'utf8').split(/\r?\n/);
    if (line === '') throw wrongUsage(`${question}: nothing came on the standard input`);
    return line;
  }
  const secret = await ask(question);
  if (repeat && (await ask(`${question}, again`)) !== secret) throw wrongUsage('The two are not the same');
  return secret;
}

function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const take = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') return finish(() => resolve(text));
        if (character === '\u0003') return finish(() => reject(new CliError('Interrupted', exitCodes.interrupted)));
        if (character === '\u007f' || character === '\b') text = text.slice(0, -1);
        else if (character >= ' ') text += character;
      }
    };
    stdin.on('data', take);
  });
}
