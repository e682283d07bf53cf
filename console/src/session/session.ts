import { graph, hasSessionEnded, Signal } from '../graph/client';
import { queryClient } from '../graph/freshness';
import { known, preload, useGraph } from '../graph/use-graph';
import {
  BeginPasskeyOperation,
  CompletePasskeyOperation,
  type SignedInFragment,
  SignInOperation,
  SignOutOperation,
  ViewerOperation,
} from './operations.gen';

export type Viewer = SignedInFragment;

/** Becomes true when the account is erased: whoever had it is not asked to sign in again. */
export const isErased = new Signal(false);

/**
 * Who is signed in; null for nobody. Each page asks before it is shown, and the server only until somebody is known: the
 * frame keeps that up to date. Rejects when the server cannot be reached.
 */
export const findViewer = async (): Promise<Viewer | null> =>
  known(ViewerOperation, {})?.viewer ?? (await preload(ViewerOperation, {}, ['self'])).viewer;

/** Whoever is signed in; only below the routes that ask for it. */
export function useViewer(): Viewer {
  const { data } = useGraph(ViewerOperation, {}, { topics: ['self'] });
  if (!data?.viewer) throw new Error('Nobody is signed in here');
  return data.viewer;
}

/** ISO 4217 code of the firm's own currency; only below the routes that ask who is signed in. */
export function useFirmCurrency(): string {
  const { data } = useGraph(ViewerOperation, {}, { topics: ['self'] });
  if (!data?.firm) throw new Error('Nobody is signed in here');
  return data.firm.currency;
}

/** What a person may do, by `resource:action`; `*` stands for all. */
export function mayOf({ permissions }: Pick<Viewer, 'permissions'>): (permission: string) => boolean {
  const held = new Set(permissions);
  return (permission) => {
    const [resource] = permission.split(':');
    return held.has(permission) || held.has(`${resource}:*`) || held.has('*:*');
  };
}

export const useMay = (): ((permission: string) => boolean) => mayOf(useViewer());

export interface SignIn {
  identifier: string;
  password: string;
  code?: string;
  rememberDevice: boolean;
}

/** Opens a session that the browser's cookie carries. Rejects as the graph does. */
export async function signIn(input: SignIn): Promise<void> {
  await graph.mutate(SignInOperation, { input: { ...input, code: input.code || null, kind: 'COOKIE' } });
  await entered();
}

/** The same by a passkey of this device. Rejects with the browser's error when the person gives up. */
export async function signInByPasskey(): Promise<void> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const { beginPasskeyLogin } = await graph.mutate(BeginPasskeyOperation, { input: {} });
  const credential = await startAuthentication({ optionsJSON: beginPasskeyLogin?.options as never });
  await graph.mutate(CompletePasskeyOperation, { input: { credential, kind: 'COOKIE' } });
  await entered();
}

async function entered(): Promise<void> {
  hasSessionEnded.set(false);
  // Whatever was refused meanwhile is asked again.
  await queryClient.invalidateQueries();
}

/** Ends the session, and forgets what this tab has read. */
export async function signOut(): Promise<void> {
  await graph.mutate(SignOutOperation).catch(() => undefined);
  queryClient.clear();
  // A new document: nothing that the person saw is left in memory.
  location.assign('/console/sign-in');
}
