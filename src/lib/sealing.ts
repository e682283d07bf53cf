import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** What is done with ENCRYPTION_KEY: short texts encrypted for the database, and digests that nobody else can make. */
export interface Sealer {
  /**
   * `purpose` says what the text is and whose, such as `totp:12`: sealed for one purpose it does not open for another.
   */
  seal: (text: string, purpose: string) => string;
  /** Undefined when it was not sealed with this key for this purpose, or was changed since. */
  open: (sealed: string, purpose: string) => string | undefined;
  /** Always the same 32 bytes for a text and a purpose, and unguessable without the key. */
  digest: (text: string, purpose: string) => Buffer;
}

const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) under a key derived from `secret` by HKDF; the purpose is authenticated with it.
 * Digests are HMAC-SHA256 under a key of their own.
 */
export function sealerOf(secret: string): Sealer {
  const digestKey = new Uint8Array(hkdfSync('sha256', secret, '', 'passerelle digest v1', 32));
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'passerelle sealing v1', 32));
  return {
    seal: (text, purpose) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${version}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },
    open: (sealed, purpose) => {
      const [given, body = ''] = sealed.split('.');
      const bytes = Buffer.from(body, 'base64url');
      if (given !== version || bytes.length < ivBytes + tagBytes) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
    digest: (text, purpose) => createHmac('sha256', digestKey).update(`${purpose}\0${text}`).digest(),
  };
}
