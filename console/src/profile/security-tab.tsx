import { useGraph } from '../graph/use-graph';
import { useViewer } from '../session/session';
import { Answer } from '../ui/page';
import { OwnSecurityOperation } from './operations.gen';
import { PasskeysCard } from './passkeys-card';
import { PasswordCard } from './password-card';
import { SecondFactorCard } from './second-factor-card';

/** How one gets in. */
export function SecurityTab() {
  const { id } = useViewer();
  const query = useGraph(OwnSecurityOperation, { id }, { topics: ['self'] });
  return (
    <Answer of={query}>
      {({ user }) =>
        user && (
          <div className="stack">
            <PasswordCard />
            <SecondFactorCard secondFactor={user.secondFactor} />
            <PasskeysCard passkeys={user.passkeys} />
          </div>
        )
      }
    </Answer>
  );
}
