import { useMay, useViewer } from '../session/session';
import { KeysCard } from './keys-card';
import { TokensCard } from './tokens-card';

/** What acts in one's name: keys of integrations with quotas, and tokens of programs. */
export function KeysTab() {
  const may = useMay();
  const { id } = useViewer();
  return (
    <div className="stack">
      {may('api_keys:read') && <KeysCard ownerId={id} />}
      <TokensCard />
    </div>
  );
}
