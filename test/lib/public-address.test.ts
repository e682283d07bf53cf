import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInNetworks, isPublicAddress } from '../../src/lib/public-address.js';

test.each([
  '127.0.0.1',
  '127.255.0.9',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '100.64.0.1',
  '192.0.0.8',
  '192.0.2.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '64:ff9b::a00:1',
  '64:ff9b:1::a00:1',
  '2002:a00:1::',
  '2001::1',
  '2001:db8::1',
  '3fff::1',
  '100::1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '5f00::1',
  'localhost',
  '',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450:4007::200e', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

const octet = fc.integer({ min: 0, max: 255 });

test('no address of a private or loopback network is public, whatever IPv6 it hides in', () => {
  const hidden = fc.tuple(fc.constantFrom('10', '127', '192.168'), octet, octet, octet).map(([net, b, c, d]) => {
    const v4 = net === '192.168' ? `192.168.${b}.${c}` : `${net}.${b}.${c}.${d}`;
    return v4;
  });
  fc.assert(
    fc.property(hidden, (v4) => {
      const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number);
      const groups = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      for (const form of [
        v4,
        `::ffff:${v4}`,
        `::ffff:${groups}`,
        `64:ff9b::${groups}`,
        `2002:${groups}::`,
        `::${groups}`,
      ])
        if (isPublicAddress(form)) throw new Error(form);
    }),
  );
});

test('networks hold what lies in them, in either spelling', () => {
  const networks = ['10.0.0.0/8', '192.168.1.5', 'fd00::/8'];
  for (const inside of ['10.9.8.7', '::ffff:10.9.8.7', '192.168.1.5', 'fd12::1'])
    expect(isInNetworks(inside, networks)).toBe(true);
  for (const outside of ['11.0.0.1', '192.168.1.6', 'fe80::1', '::1', 'localhost'])
    expect(isInNetworks(outside, networks)).toBe(false);
});
