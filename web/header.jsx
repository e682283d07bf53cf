import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useRef, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { examplesIn } from './examples.js';
import { words } from './header-words.js';
import { language } from './language.js';
import { session, signIn, signOut } from './session.js';

const examples = examplesIn(language);

export const useSession = () => useSyncExternalStore(session.subscribe, session.get);

/**
 * Opens an example in its own tab, or goes to the tab that already holds it. One that is to run while a subscription
 * listens gets a window beside this one, since leaving a tab ends what runs in it.
 */
function Examples() {
  const { addTab, changeTab } = useGraphiQLActions();
  const { queryEditor, variableEditor, tabs } = useGraphiQL(({ queryEditor, variableEditor, tabs }) => ({
    queryEditor,
    variableEditor,
    tabs,
  }));
  const open = ({ query, variablesFor, isBeside }) => {
    const variables = variablesFor && JSON.stringify(variablesFor(session.get().person?.id ?? ''), null, 2);
    if (isBeside) return window.open(`/graphql?${new URLSearchParams({ query, ...(variables && { variables }) })}`);
    const index = tabs.findIndex((tab) => tab.query === query);
    if (index >= 0) return changeTab(index);
    if (queryEditor.getValue().trim() !== '') addTab();
    queryEditor.setValue(query);
    variableEditor?.setValue(variables ?? '');
    queryEditor.focus();
  };
  return (
    <select
      className="bar-examples"
      aria-label={words.exampleQueries}
      value=""
      disabled={!queryEditor}
      onChange={(event) => open(examples[Number(event.target.value)])}
    >
      <option value="" disabled hidden>
        {words.examples}
      </option>
      {examples.map(({ name }, index) => (
        <option key={name} value={index}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Below the bar while nobody is signed in. */
function SignInNotice() {
  return (
    <p className="bar-notice" role="note">
      <strong>{words.readSchema}</strong> {words.withIt}
    </p>
  );
}

function SignIn() {
  const dialog = useRef(null);
  const [problem, setProblem] = useState(null);
  const [needsCode, setNeedsCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setProblem(null);
    const refusal = await signIn(form.username.value, form.password.value, form.code?.value);
    setBusy(false);
    if (refusal === null) return dialog.current?.close();
    setProblem(refusal.problem);
    if (!refusal.needsCode) return form.password.select();
    flushSync(() => setNeedsCode(true));
    form.code.select();
  };
  return (
    <>
      <button type="button" className="bar-button primary" onClick={() => dialog.current.showModal()}>
        {words.signIn}
      </button>
      <dialog ref={dialog} className="bar-dialog" aria-labelledby="sign-in-title">
        <form onSubmit={submit}>
          <h2 id="sign-in-title">{words.signIn}</h2>
          <p>
            {words.whence[0]} <code>npm run reset-admin</code> {words.whence[1]} {words.inThisTab}
          </p>
          {problem && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          <label htmlFor="username">{words.username}</label>
          <input
            id="username"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck="false"
            required
            autoFocus
          />
          <label htmlFor="password">{words.password}</label>
          <input id="password" name="password" type="password" autoComplete="current-password" required />
          {needsCode && (
            <>
              <label htmlFor="code">{words.code}</label>
              <input
                id="code"
                name="code"
                autoComplete="one-time-code"
                autoCapitalize="none"
                spellCheck="false"
                maxLength={50}
              />
            </>
          )}
          <div className="actions">
            <button type="button" className="bar-button" onClick={() => dialog.current.close()}>
              {words.cancel}
            </button>
            <button type="submit" className="bar-button primary" disabled={busy}>
              {busy ? words.signingIn : words.signIn}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

function Person({ person }) {
  return (
    <>
      <span className="bar-person" title={person.email}>
        <span className="bar-initial" aria-hidden="true">
          {(person.fullName || person.email).slice(0, 1).toUpperCase()}
        </span>
        <span className="bar-name">{person.fullName || person.email}</span>
      </span>
      <button type="button" className="bar-button" onClick={() => void signOut()}>
        {words.signOut}
      </button>
    </>
  );
}

export function Header() {
  const { status, person } = useSession();
  return (
    <>
      <header className="bar">
        <a className="bar-home" href="/">
          <img src="/static/favicon.svg" alt="" width="24" height="24" />
          <span>Passerelle</span>
        </a>
        <span className="bar-title">{words.explorer}</span>
        <Examples />
        <a className="bar-link" href="/core-docs">
          {words.reference}
        </a>
        <a className="bar-link" href="/console/">
          Console
        </a>
        <div className="bar-session">
          {status === 'signed-in' && <Person person={person} />}
          {status === 'anonymous' && <SignIn />}
        </div>
      </header>
      {status === 'anonymous' && <SignInNotice />}
    </>
  );
}
