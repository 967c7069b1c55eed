import type { TestRow } from '../../lab/report/report.ts';

/** The paper's test at the embedding layer, on this result. */
export function Tests({ tests }: { readonly tests: readonly TestRow[] }) {
  if (tests.length === 0) return null;
  return (
    <section aria-labelledby="tests-title">
      <h3 id="tests-title">Is the CE’s embedding layer better than the DE’s?</h3>
      <ul>
        {tests.map(({ name, sentence }) => (
          <li key={name}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
