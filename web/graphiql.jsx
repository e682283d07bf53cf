import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, GraphiQLInterface, HISTORY_PLUGIN } from 'graphiql';
import { createClient } from 'graphql-ws';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './graphiql.css';
import { examplesIn } from './examples.js';
import { Header, useSession } from './header.jsx';
import { language } from './language.js';
import { accessToken, identify, session, sessionFetch } from './session.js';
import { translateLabels } from './translate-labels.js';

// Plain files next to this one: neither a foreign host nor blob: is needed.
const workers = { json: 'json.worker.js', graphql: 'graphql.worker.js' };
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(`./${workers[label] ?? 'editor.worker.js'}`, import.meta.url), { type: 'module' }),
};

const socket = createClient({
  url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
  lazy: true,
  connectionParams: async () => {
    const token = await accessToken();
    return token ? { authorization: `Bearer ${token}` } : {};
  },
});
const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  fetch: sessionFetch,
  wsClient: socket,
  enableIncrementalDelivery: false,
});

// An open socket belongs to the person who opened it; the client reconnects under the new credential.
let known = session.get().person?.id;
session.subscribe(() => {
  const now = session.get().person?.id;
  if (known !== now) socket.terminate();
  known = now;
});

const plugins = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];
/** `/graphql?query=…` opens that query; it is never run by itself. */
const linked = new URLSearchParams(location.search);
/** What a first visit finds. GraphiQL ignores the variables of a default tab: this example has none. */
const defaultTabs = linked.has('query') ? undefined : [{ query: examplesIn(language)[0].query }];

function Explorer() {
  const { status } = useSession();
  useEffect(() => void identify(), []);
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={plugins}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultTabs={defaultTabs}
      initialQuery={linked.get('query') ?? undefined}
      initialVariables={linked.get('variables') ?? undefined}
      // Only signed-in people may introspect: null asks for nothing, undefined asks the server.
      schema={status === 'signed-in' ? undefined : null}
      inputValueDeprecation
    >
      <HistoryStore>
        <DocExplorerStore>
          <Header />
          {/* The schema's descriptions, and what GraphiQL says that we have no words for. */}
          <div lang="en" className="explorer-body">
            <GraphiQLInterface>
              <GraphiQL.Logo>
                <span />
              </GraphiQL.Logo>
            </GraphiQLInterface>
          </div>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}

createRoot(document.getElementById('explorer')).render(<Explorer />);
// Dialogs stand outside of the explorer.
translateLabels(document.body);
