import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { settings } from '../src/config/settings.js';

const read = (file: string): string => readFileSync(join('deploy', file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true });
const manifests: any[] = readdirSync('deploy/kubernetes')
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parseAllDocuments(read(`kubernetes/${file}`)).map((document) => document.toJS()));
const kinds = (kind: string): any[] => manifests.filter((manifest) => manifest.kind === kind);
const own = ['web', 'worker'];

/** `NAME=value` in lines of a file. */
const namesIn = (text: string): string[] => [...text.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name);

test('whatever is set in deploy/ is a setting', () => {
  const unit = /^Environment=(.*)$/m.exec(read('systemd/passerelle.service'))?.[1] ?? '';
  const image = /^ENV (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '';
  const set = [
    ...own.flatMap((service) => Object.keys(compose.services[service].environment)),
    ...namesIn(read('kubernetes/settings.env')),
    ...kinds('Secret').flatMap(({ stringData }) => Object.keys(stringData)),
    ...kinds('Deployment').flatMap(({ spec }) => spec.template.spec.containers[0].env.map(({ name }: any) => name)),
    ...`${unit} ${image}`.split(' ').map((pair) => pair.split('=')[0] as string),
  ].filter((name) => name !== 'NODE_ENV');
  expect(set.length).toBeGreaterThan(40);
  expect(set.filter((name) => !Object.hasOwn(settings.shape, name))).toEqual([]);
});

describe('docker-compose.yml', () => {
  test('asks for secrets that the example names, and holds none', () => {
    const asked = [...read('docker-compose.yml').matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name);
    expect([...new Set(asked)].toSorted()).toEqual(namesIn(read('env.example')).toSorted());
  });

  test('begins in order, and what runs for long comes back and is looked at', () => {
    for (const [name, service] of Object.entries<any>(compose.services)) {
      for (const before of Object.keys(service.depends_on ?? {})) expect(compose.services, name).toHaveProperty(before);
      for (const volume of service.volumes ?? [])
        if (!volume.startsWith('.')) expect(compose.volumes).toHaveProperty(volume.split(':')[0]);
        else expect(existsSync(join('deploy', volume.split(':')[0]))).toBe(true);
      for (const network of service.networks) expect(compose.networks).toHaveProperty(network);
      expect(service.image, name).toMatch(/^[a-z/]+:(?!latest)/);
      if (name !== 'bucket') expect(service.restart, name).toBe('unless-stopped');
    }
    for (const name of own)
      expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: false });
  });
});

describe('kubernetes/', () => {
  test('names its files, and they name each other', () => {
    const { resources } = kinds('Kustomization')[0];
    const files = readdirSync('deploy/kubernetes').filter((file) => file.endsWith('.yaml'));
    expect([...resources, 'kustomization.yaml', 'secret.example.yaml'].toSorted()).toEqual(files.toSorted());
    for (const { spec } of kinds('HorizontalPodAutoscaler'))
      expect(kinds('Deployment').map(({ metadata }) => metadata.name)).toContain(spec.scaleTargetRef.name);
    for (const { spec } of kinds('PodDisruptionBudget'))
      expect(own).toContain(spec.selector.matchLabels['app.kubernetes.io/component']);
  });

  test.each(own)('%s runs as nobody on a file system that it cannot write, and is probed', (name) => {
    const { template } = kinds('Deployment').find(({ metadata }) => metadata.name === name).spec;
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: expect.anything() });
    const [container] = template.spec.containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
    expect(container.livenessProbe.httpGet.path).toBe('/health/live');
    // What is checked has three seconds.
    expect(Math.min(container.readinessProbe.timeoutSeconds, container.livenessProbe.timeoutSeconds)).toBeGreaterThan(
      3,
    );
    const drain = Number(/^DRAIN_SECONDS=(\d+)$/m.exec(read('kubernetes/settings.env'))?.[1]);
    const before = container.lifecycle?.preStop.sleep.seconds ?? 0;
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(before + drain + 15);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  test('copies what there is, and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(5);
    for (const file of copied) {
      expect(existsSync(file), file).toBe(true);
      expect(
        allowed.some((each) => each === file || each.startsWith(`${file}/`) || file.startsWith(`${each}/`)),
        file,
      ).toBe(true);
    }
  });

  test('ends as nobody, with the server as process 1 on the Node of .nvmrc', () => {
    expect(last.find((line) => line.startsWith('USER '))).toBe('USER 10001:10001');
    expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    expect(last.findLast((line) => line.startsWith('CMD '))).toBe('CMD ["node", "dist/bundled/main.js"]');
    const version = readFileSync('.nvmrc', 'utf8').trim();
    for (const line of lines.filter((each) => each.startsWith('FROM '))) expect(line).toContain(`node:${version}-`);
  });
});

test.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('the unit of systemd is one', () => {
  const { stderr } = spawnSync('systemd-analyze', ['verify', 'deploy/systemd/passerelle.service'], {
    encoding: 'utf8',
  });
  // That the program is not installed at its place is no mistake of the unit.
  expect(
    stderr.split('\n').filter((line) => line.includes('passerelle.service') && !/not executable/.test(line)),
  ).toEqual([]);
});
