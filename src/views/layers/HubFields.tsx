import { type FormEvent, useId, useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { defaultHub } from '../../lab/hub/name.ts';
import { originOf, readHubSettings, saveHubSettings } from '../../state/hubSettings.ts';

/** Which hub is used, and with which token. */
export function HubFields() {
  const [kept] = useState(readHubSettings);
  const [endpoint, setEndpoint] = useState(kept.endpoint);
  const [storage, setStorage] = useState(kept.storage.join(' '));
  const [token, setToken] = useState(kept.token);
  const [unsaved, setUnsaved] = useState<string | null>(null);
  const id = useId();
  const hub = originOf(endpoint);
  const hosts = storage.split(/\s+/).filter((text) => text !== '');
  const origins = hosts.map(originOf).filter((origin) => origin !== null);
  const wrong =
    hub === null
      ? `Write the hub’s address, such as ${defaultHub}.`
      : origins.length < hosts.length
        ? 'Write the storage’s addresses, such as https://storage.example, with spaces between.'
        : null;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (hub === null || wrong !== null) return;
    try {
      saveHubSettings({ endpoint: hub, storage: origins, token: token.trim() });
    } catch (error) {
      setUnsaved(sentenceOf(error));
    }
  };
  return (
    <details>
      <summary>Mirror and token</summary>
      <form onSubmit={save}>
        <div className="field">
          <label htmlFor={`${id}-hub`}>Hub</label>
          <input
            id={`${id}-hub`}
            value={endpoint}
            spellCheck={false}
            onChange={(event) => setEndpoint(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-storage`}>Where a mirror keeps large files, if elsewhere</label>
          <input
            id={`${id}-storage`}
            value={storage}
            spellCheck={false}
            onChange={(event) => setStorage(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-token`}>Token, for private and gated repositories</label>
          <input
            id={`${id}-token`}
            type="password"
            autoComplete="off"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </div>
        {(wrong ?? unsaved) ? (
          <p className="field-problem" role="alert">
            {wrong ?? unsaved}
          </p>
        ) : null}
        <p className="quiet">
          Stored in this browser only, never in a report or a link. The token is sent to this hub only. Saving
          reloads the page.
        </p>
        <button type="submit" className="small" disabled={wrong !== null}>
          Save
        </button>
      </form>
    </details>
  );
}
