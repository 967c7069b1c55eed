import type { TestRow } from '../../lab/report/report.ts';

/** The tests of systems against the reference: across collections first, then within each. */
export function SystemTests({ tests }: { readonly tests: readonly TestRow[] }) {
  const compared = tests.filter(({ of }) => of !== undefined);
  if (compared.length === 0) return null;
  const across = compared.filter(({ of }) => of?.dataset === null);
  const datasets = [...new Set(compared.flatMap(({ of }) => of?.dataset ?? []))];
  return (
    <section aria-labelledby="system-tests-title">
      <h3 id="system-tests-title">Are the differences significant?</h3>
      <p className="quiet">
        A paired two-tailed t-test as in the paper, with a randomisation test beside it, which assumes nothing
        of how differences are distributed. Both are corrected by Holm where several systems are held against
        the same one. No significant difference is not equality: a test cannot prove that two systems are
        alike.
      </p>
      <TestTable title="Across collections" tests={across} />
      {datasets.map((dataset) => (
        <details key={dataset}>
          <summary>Within {dataset}, paired by query</summary>
          <TestTable
            title={`Within ${dataset}`}
            tests={compared.filter(({ of }) => of?.dataset === dataset)}
          />
        </details>
      ))}
    </section>
  );
}

function TestTable({ title, tests }: { readonly title: string; readonly tests: readonly TestRow[] }) {
  const pairs = tests.filter(({ kind }) => kind === 'paired-t');
  return (
    <ul className="tests" aria-label={title}>
      {pairs.map((test) => {
        const toss = tests.find(({ name }) => name === `${test.name}, randomisation`);
        const interval = test.of?.interval;
        return (
          <li key={test.name}>
            {test.sentence}{' '}
            {interval ? `95 % interval ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}. ` : ''}
            {toss?.sentence}
          </li>
        );
      })}
    </ul>
  );
}
