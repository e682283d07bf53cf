import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { CliError } from '../exit-codes.js';

/**
 * A backup under a passphrase: the magic, a salt, an initial vector, then the archive by AES-256-CTR and at the end its
 * HMAC-SHA256, both under keys of scrypt. Of any length: GCM would end at 64 GB.
 */
const magic = Buffer.from('PASSERELLE-SEALED-1\n');
/** How the archive below begins: RFC 8878, section 3.1.1. */
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const saltBytes = 16;
const ivBytes = 16;
const macBytes = 32;
const headBytes = magic.length + saltBytes + ivBytes;
const scrypt = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 };

function keysOf(passphrase: string, salt: Buffer): { cipher: Buffer; mac: Buffer } {
  const both = scryptSync(passphrase.normalize('NFC'), salt, 64, scrypt);
  return { cipher: both.subarray(0, 32), mac: both.subarray(32) };
}

/** Encrypts what goes through it. */
export function sealing(passphrase: string): Transform {
  const [salt, iv] = [randomBytes(saltBytes), randomBytes(ivBytes)];
  const keys = keysOf(passphrase, salt);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, iv);
  const head = Buffer.concat([magic, salt, iv]);
  const mac = createHmac('sha256', keys.mac).update(head);
  let isBegun = false;
  const begin = (stream: Transform): void => {
    if (!isBegun) stream.push(head);
    isBegun = true;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      begin(this);
      const sealed = cipher.update(chunk);
      mac.update(sealed);
      done(null, sealed);
    },
    flush(done) {
      begin(this);
      this.push(mac.digest());
      done();
    },
  });
}

/**
 * The archive in a file, decrypted when it is sealed. What was changed is told at the end, as `isWhole` of the stream.
 */
export async function* openedArchive(path: string, passphrase: () => Promise<string>): AsyncGenerator<Buffer> {
  const { head, size } = await beginningOf(path);
  if (!head.subarray(0, magic.length).equals(magic)) {
    yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
    return;
  }
  if (size < headBytes + macBytes) throw new CliError(`${path} is cut short`);
  const salt = head.subarray(magic.length, magic.length + saltBytes);
  const keys = keysOf(await passphrase(), salt);
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, head.subarray(magic.length + saltBytes));
  const mac = createHmac('sha256', keys.mac).update(head);
  const body = createReadStream(path, { start: headBytes, end: size - macBytes - 1, highWaterMark: 1 << 20 });
  let isBegun = false;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    mac.update(chunk);
    const plain = decipher.update(chunk);
    // A wrong passphrase is told before anything is made of what comes out then, which is no archive.
    if (!isBegun && !plain.subarray(0, zstdMagic.length).equals(zstdMagic)) throw wrongPassphrase();
    isBegun = true;
    yield plain;
  }
  const said: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start: size - macBytes }) as AsyncIterable<Buffer>)
    said.push(chunk);
  if (!timingSafeEqual(mac.digest(), Buffer.concat(said))) throw wrongPassphrase();
}

const wrongPassphrase = (): Error => new Error('it was changed, or the passphrase is wrong');

async function beginningOf(path: string): Promise<{ head: Buffer; size: number }> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    return { head: head.subarray(0, bytesRead), size: (await file.stat()).size };
  } finally {
    await file.close();
  }
}
