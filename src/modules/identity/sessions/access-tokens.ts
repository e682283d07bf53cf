import jwt from 'jsonwebtoken';
import { isUuid } from '../../../lib/uuid.js';

/** Life of an access token in seconds: `expires_in` of the dialects. */
export const accessTokenSeconds = 1800;

export interface AccessClaims {
  userId: number;
  sessionId: string;
  /** In milliseconds since 1970. */
  endsAtMs: number;
}

export interface AccessTokens {
  sign: (userId: number, sessionId: string, now: Date) => string;
  /** undefined for anything but an unexpired token that this server signed: forged, `alg: none`, another key. */
  verify: (token: string, now: Date) => AccessClaims | undefined;
  /** True for a token that this server signed and whose time is over: its client needs only to refresh. */
  isExpired: (token: string, now: Date) => boolean;
}

const issuer = 'passerelle';

export const accessTokens = (secret: string): AccessTokens => ({
  sign: (userId, sessionId, now) =>
    jwt.sign({ sub: String(userId), sid: sessionId, iat: Math.floor(now.valueOf() / 1000) }, secret, {
      algorithm: 'HS256',
      issuer,
      expiresIn: accessTokenSeconds,
    }),
  verify: (token, now) => {
    try {
      const payload = jwt.verify(token, secret, {
        algorithms: ['HS256'],
        issuer,
        clockTimestamp: Math.floor(now.valueOf() / 1000),
      });
      if (typeof payload === 'string' || payload.exp === undefined) return undefined;
      const { sub, sid } = payload as { sub?: unknown; sid?: unknown };
      const usable = typeof sub === 'string' && /^\d{1,9}$/.test(sub) && isUuid(sid);
      return usable ? { userId: Number(sub), sessionId: sid, endsAtMs: payload.exp * 1000 } : undefined;
    } catch {
      return undefined;
    }
  },
  isExpired: (token, now) => {
    try {
      jwt.verify(token, secret, { algorithms: ['HS256'], issuer, clockTimestamp: Math.floor(now.valueOf() / 1000) });
      return false;
    } catch (error) {
      return error instanceof jwt.TokenExpiredError;
    }
  },
});
