import { dataSentences } from '../lab/report/dataSentences.ts';
import type { Report } from '../lab/report/report.ts';

/** What was left out of each collection, merged or cut on the way to the figures. */
export function DataReports({ datasets }: { readonly datasets: Report['environment']['datasets'] }) {
  const told = datasets.flatMap(({ name, title, data }) =>
    data ? [{ name, title, sentences: dataSentences(data) }] : [],
  );
  if (told.every(({ sentences }) => sentences.length === 0)) return null;
  return (
    <details className="quiet">
      <summary>What was done to the data</summary>
      {told.map(({ name, title, sentences }) => (
        <div key={name}>
          <p>{title}</p>
          <ul>
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
