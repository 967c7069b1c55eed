import { useId, useState } from 'react';

interface EmbedSnippetProps {
  readonly title: string;
  /** The address of the picture alone, behind the page's own. */
  readonly hash: string;
  /** Of the frame, in pixels. */
  readonly height?: number;
}

/** What shows a picture on another page: HTML to copy. */
export function EmbedSnippet({ title, hash, height = 560 }: EmbedSnippetProps) {
  const id = useId();
  const [copied, setCopied] = useState<'yes' | 'refused' | null>(null);
  const snippet = iframeOf(title, hash, height);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(snippet);
      setCopied('yes');
    } catch {
      setCopied('refused');
    }
  };
  return (
    <details className="embed-snippet" onToggle={() => setCopied(null)}>
      <summary>Embed in another page</summary>
      <label htmlFor={id} className="quiet">
        HTML of a frame with this picture
      </label>
      <textarea id={id} rows={3} readOnly value={snippet} onFocus={(event) => event.target.select()} />
      <div className="button-row">
        <button type="button" className="small" onClick={() => void copy()}>
          Copy
        </button>
        <span className="quiet" role="status">
          {copied === 'yes' ? 'Copied.' : ''}
          {copied === 'refused' ? 'The browser refuses; select the text and copy it.' : ''}
        </span>
      </div>
    </details>
  );
}

function iframeOf(title: string, hash: string, height: number): string {
  const url = new URL(hash, location.href).href;
  const attribute = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<iframe src="${attribute(url)}" title="${attribute(title)}" width="100%" height="${height}" loading="lazy" style="border:0"></iframe>`;
}
