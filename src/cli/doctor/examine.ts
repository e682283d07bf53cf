import 'reflect-metadata';
import { type Config, lookAtConfig } from '../../config/config.js';
import { readEnvironment } from '../../config/environment.js';
import type { DirectOptions } from '../direct.js';
import { quietLog } from '../direct.js';
import type { Finding } from '../doctor.js';
import type { Remote } from '../remote.js';
import { examineDatabase } from './database.js';
import { examineDisk, examineNode, examinePort, examineSecrets } from './machine.js';
import { examineServer } from './server.js';
import { examineFiles, examineMail, examineRedis, examineTesseract } from './services.js';

/**
 * Everything is looked at, whatever else is wrong: settings that are wrong are reported, and the rest is examined as if
 * they were not there.
 */
export async function examine(remote: Remote | undefined, options: DirectOptions): Promise<Finding[]> {
  const { config, findings } = examineConfig(readEnvironment());
  const log = quietLog(options);
  const all = config
    ? await Promise.all([
        examineNode(),
        surely('folders', examineDisk(config)),
        surely('secrets', examineSecrets(config)),
        surely('database', examineDatabase(config, log)),
        surely('files', examineFiles(config, log)),
        surely('redis', examineRedis(config)),
        surely('mail', examineMail(config)),
        surely('recognition', examineTesseract(config, log)),
        surely('port', examinePort(config)),
      ])
    : [examineNode()];
  return [...findings, ...all.flat(), ...(remote ? await examineServer(remote) : [])];
}

/** What one examination does not get over is a finding of it, and keeps no other from being made. */
const surely = (check: string, examination: Promise<Finding[]>): Promise<Finding[]> =>
  examination.catch((error: Error) => [
    {
      check,
      status: 'fail',
      message: error.message.split('\n')[0] ?? '',
      advice: 'It could not be looked into: run the command as the user that runs the server; --verbose says more.',
    },
  ]);

function examineConfig(environment: NodeJS.ProcessEnv): { config: Config | undefined; findings: Finding[] } {
  const findings: Finding[] = [];
  const wrong = new Set<string>();
  let current = environment;
  // Each round leaves out what is wrong; what is missing gets a value of its own, which nothing is done with.
  for (let round = 0; round < 5; round += 1) {
    const { config, problems } = lookAtConfig(current);
    findings.push(
      // What needs a setting that is wrong is right by itself.
      ...problems
        .filter((problem) => !wrong.has(/^\S+ needs (\S+)$/.exec(problem)?.[1] ?? ''))
        .map((message): Finding => ({
          check: 'configuration',
          status: 'fail',
          message,
          advice: 'Correct it in the environment or in .env; .env.example says what each setting may be.',
        })),
    );
    if (config) {
      if (findings.length === 0)
        findings.push({ check: 'configuration', status: 'ok', message: 'every setting is readable' });
      return { config, findings };
    }
    const names = problems.map((problem) => /^[^\s:.]+/.exec(problem)?.[0] ?? '');
    for (const name of names) wrong.add(name);
    const missing = problems.filter((problem) => problem.includes(' is required ')).map((p) => p.split(' ')[0] ?? '');
    current = {
      ...Object.fromEntries(Object.entries(current).filter(([name]) => !names.includes(name))),
      ...Object.fromEntries(
        missing.map((name) => [name, name === 'MAIL_FROM' ? 'nobody@example.com' : 'x'.repeat(32)]),
      ),
    };
  }
  return { config: undefined, findings };
}
