import licence from '../../LICENSE?url';
import { readFurtherCards, useCollections } from '../state/collections.ts';

export function Footer() {
  const { bundled, further } = useCollections();
  return (
    <footer className="page-footer">
      <p>
        Everything is computed in this browser; no text leaves it. Code and bundled models:{' '}
        <a href={licence}>Apache-2.0</a>. An experiment is one JSON document, described by{' '}
        <a href="spec.schema.json">this JSON Schema</a>. After the paper{' '}
        <cite>Can Cross Encoders Produce Useful Sentence Embeddings?</cite>
      </p>
      <details
        onToggle={(event) => {
          if (event.currentTarget.open) void readFurtherCards();
        }}
      >
        <summary>Sources and licences of the bundled collections</summary>
        <ul>
          {[...bundled, ...further].map(({ source, title, licence: terms }) => (
            <li key={source}>
              {title}
              {terms ? `: ${terms}` : ''}
            </li>
          ))}
        </ul>
        <p>
          Licence texts: <a href="datasets/licences/FOLDOC.txt">FOLDOC</a>,{' '}
          <a href="datasets/licences/GFDL-1.3.txt">GFDL</a>,{' '}
          <a href="datasets/licences/WordNet-3.0.txt">WordNet</a>; of the others in the{' '}
          <a href="datasets/README.md">list of sources</a>.
        </p>
      </details>
    </footer>
  );
}
