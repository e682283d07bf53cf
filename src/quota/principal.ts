import type { ApiKeyLimits } from './api-key.js';

/** Whoever a request is counted for, as the quotas and the REST engine see them. */
export interface Principal {
  /** Absent: nobody signed in. */
  userId?: number;
  isAdmin: boolean;
  credential: 'none' | 'token' | 'cookie' | 'api_token' | 'api_key';
  /** Of the session, token or key; absent without a credential. */
  credentialId?: string;
  /** Of the API key that was used. */
  apiKeyLimits?: ApiKeyLimits;
  /** Differs where two credentials of one person may do different things. */
  authority: string;
}

export const anonymous: Principal = { isAdmin: false, credential: 'none', authority: '' };
