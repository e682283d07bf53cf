import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { type CBORType, encodeCBOR } from '@levischuck/tiny-cbor';

/** How a registration or a proof departs from an honest one. */
export interface Misbehaviour {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
  counter?: number;
  /** Text of the user handle to claim. */
  userHandle?: string;
  userVerified?: boolean;
  userPresent?: boolean;
  tamperSignature?: boolean;
  /** Standard base64 with padding instead of base64url. */
  standardBase64?: boolean;
  /** As the contract prints a proof: without the handle. */
  withoutHandle?: boolean;
  format?: string;
  statement?: object;
  /** So many bytes of the attestation object are missing at its end, where the key lies. */
  cutBytes?: number;
}

type Algorithm = 'ES256' | 'RS256';

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** One passkey in software: what a phone or a password manager does, and what an attacker makes of it. */
export class Authenticator {
  readonly id = randomBytes(32);
  counter = 0;
  private handle: string | undefined;
  private readonly key: KeyObject;
  private readonly publicKey: KeyObject;

  constructor(
    private readonly site: { origin: string; rpId: string },
    private readonly algorithm: Algorithm = 'ES256',
    rsaBits = 2048,
  ) {
    const pair =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: rsaBits });
    this.key = pair.privateKey;
    this.publicKey = pair.publicKey;
  }

  /** The answer to `navigator.credentials.create()`, in WebAuthn's JSON. */
  create(options: { challenge: string; user: { id: string } }, wrong: Misbehaviour = {}): any {
    this.handle = options.user.id;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, encodeCBOR(this.coseKey())]);
    const authData = Buffer.concat([this.authenticatorData(0x40, wrong), attested]);
    const attestation = new Map<string, CBORType>([
      ['fmt', wrong.format ?? 'none'],
      ['attStmt', new Map(Object.entries(wrong.statement ?? {}))],
      ['authData', authData],
    ]);
    const encoded = Buffer.from(encodeCBOR(attestation));
    const write = writer(wrong);
    const clientData = this.clientData('webauthn.create', options.challenge, wrong);
    return {
      id: this.id.toString('base64url'),
      rawId: write(this.id),
      type: 'public-key',
      response: {
        clientDataJSON: write(clientData),
        attestationObject: write(encoded.subarray(0, encoded.length - (wrong.cutBytes ?? 0))),
        transports: ['internal', 'hybrid'],
      },
    };
  }

  /** The answer to `navigator.credentials.get()`, in WebAuthn's JSON. */
  get(options: { challenge: string }, wrong: Misbehaviour = {}): any {
    const authData = this.authenticatorData(0, { ...wrong, counter: wrong.counter ?? (this.counter += 1) });
    const clientData = this.clientData('webauthn.get', options.challenge, wrong);
    const signature = createSign('sha256').update(authData).update(sha256(clientData)).sign(this.key);
    if (wrong.tamperSignature) signature[signature.length - 1] = (signature.at(-1) as number) ^ 1;
    const write = writer(wrong);
    const handle =
      wrong.userHandle === undefined ? Buffer.from(this.handle ?? '', 'base64url') : Buffer.from(wrong.userHandle);
    return {
      id: this.id.toString('base64url'),
      rawId: write(this.id),
      type: 'public-key',
      response: {
        clientDataJSON: write(clientData),
        authenticatorData: write(authData),
        signature: write(signature),
        ...(!wrong.withoutHandle && { userHandle: write(handle) }),
      },
    };
  }

  private clientData(type: string, challenge: string, wrong: Misbehaviour): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? challenge,
        origin: wrong.origin ?? this.site.origin,
        crossOrigin: wrong.crossOrigin ?? false,
      }),
    );
  }

  /** WebAuthn, section 6.1: hash of the relying party, flags (present 1, verified 4, attested 64), counter. */
  private authenticatorData(
    flags: number,
    { rpId, counter = this.counter, userVerified = true, userPresent = true }: Misbehaviour,
  ): Buffer {
    const bytes = Buffer.alloc(5);
    bytes[0] = flags | (userPresent ? 1 : 0) | (userVerified ? 4 : 0);
    bytes.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(rpId ?? this.site.rpId), bytes]);
  }

  /** RFC 9053 and RFC 8230: the key in COSE. */
  private coseKey(): Map<number, CBORType> {
    const jwk = this.publicKey.export({ format: 'jwk' });
    const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
    return this.algorithm === 'ES256'
      ? new Map<number, CBORType>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(jwk.x)],
          [-3, bytes(jwk.y)],
        ])
      : new Map<number, CBORType>([
          [1, 3],
          [3, -257],
          [-1, bytes(jwk.n)],
          [-2, bytes(jwk.e)],
        ]);
  }
}

const writer =
  ({ standardBase64 = false }: Misbehaviour) =>
  (bytes: Buffer): string =>
    bytes.toString(standardBase64 ? 'base64' : 'base64url');
