import { ConnectionError } from '@passerelle/client';
import { type ComponentType, useState } from 'react';
import { complain } from './toast';

/**
 * A part of the frame: every page has it and few open it, so that it is loaded when it is first wanted. Undefined until
 * then. `want` resolves to whether it is there; otherwise it has said that it could not be loaded, and may be tried again.
 */
export function useLate<Props>(load: () => Promise<ComponentType<Props>>) {
  const [loaded, setLoaded] = useState<ComponentType<Props>>();
  const want = async (): Promise<boolean> => {
    if (loaded) return true;
    try {
      const component = await load();
      setLoaded(() => component);
      return true;
    } catch (cause) {
      complain(new ConnectionError('A part of the page could not be loaded', { cause }));
      return false;
    }
  };
  return [loaded, want] as const;
}
