import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { base64urlOf } from '../../../lib/base64.js';
import { badField } from '../../../lib/errors.js';

/** Authenticators write a few hundred bytes; a key and a statement of any kind fit in this many characters. */
const longest = 16_384;
const knownTransports: readonly string[] = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal', 'cable'];

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the parts that must be base64; throws for the first that is not. */
function encoded(part: Json, name: string, path: string): string {
  const text = part[name];
  const read = typeof text === 'string' && text.length <= longest ? base64urlOf(text) : undefined;
  if (read === undefined) throw badField(`${path}.${name}`, 'invalid_format', 'must be base64url');
  return read;
}

function frameOf(value: unknown): { id: string; response: Json } {
  if (!isRecord(value) || !isRecord(value['response']))
    throw badField('credential', 'invalid', 'must be a credential in the JSON of WebAuthn');
  if (value['type'] !== 'public-key') throw badField('credential.type', 'not_allowed', 'must be public-key');
  const id = encoded(value, 'rawId', 'credential');
  if (encoded(value, 'id', 'credential') !== id)
    throw badField('credential.id', 'invalid', 'must be the same as rawId');
  return { id, response: value['response'] };
}

/** A browser's answer to a registration, all in base64url. Throws BAD_USER_INPUT for what is none by its form. */
export function readRegistration(value: unknown): RegistrationResponseJSON {
  const { id, response } = frameOf(value);
  const { transports } = response;
  return {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: {
      clientDataJSON: encoded(response, 'clientDataJSON', 'credential.response'),
      attestationObject: encoded(response, 'attestationObject', 'credential.response'),
      transports: Array.isArray(transports) ? knownTransports.filter((known) => transports.includes(known)) : [],
    },
  };
}

/** A browser's answer to a login, all in base64url. Throws BAD_USER_INPUT for what is none by its form. */
export function readAssertion(value: unknown): AuthenticationResponseJSON {
  const { id, response } = frameOf(value);
  return {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: {
      clientDataJSON: encoded(response, 'clientDataJSON', 'credential.response'),
      authenticatorData: encoded(response, 'authenticatorData', 'credential.response'),
      signature: encoded(response, 'signature', 'credential.response'),
      // Security keys that keep no handle have none to send; some pages then write it empty.
      ...(response['userHandle'] != null &&
        response['userHandle'] !== '' && { userHandle: encoded(response, 'userHandle', 'credential.response') }),
    },
  };
}

/** The challenge that the browser signed; undefined for what no page of ours can have asked, as in a foreign frame. */
export function challengeOf(clientDataJSON: string): string | undefined {
  try {
    const clientData: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    if (!isRecord(clientData) || clientData['crossOrigin'] === true) return undefined;
    return base64urlOf(clientData['challenge']);
  } catch {
    return undefined;
  }
}
