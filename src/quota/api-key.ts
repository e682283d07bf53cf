import type { Charge } from './gate.js';

export interface ApiKeyLimits {
  perMinute: number;
  perDay: number;
  perMonth: number;
}

/** An API key's own limits, which hold over all doors together. A month is thirty days from the first request. */
export const apiKeyCharges = (apiKeyId: string, { perMinute, perDay, perMonth }: ApiKeyLimits): Charge[] => {
  const windows = [
    ['minute', perMinute, 60],
    ['day', perDay, 86_400],
    ['month', perMonth, 30 * 86_400],
  ] as const;
  return windows.map(([name, limit, seconds]) => ({
    key: `api_key:${name}:k${apiKeyId}`,
    limit,
    seconds,
    apiKeyId,
    isOwn: true,
  }));
};
