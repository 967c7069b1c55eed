import { DataTable } from '../../components/DataTable.tsx';
import type { TestRow } from '../../lab/report/report.ts';
import { testTable } from '../../lab/report/testTable.ts';

/** The tests of systems against the reference: across collections first, then within each. */
export function SystemTests({ tests }: { readonly tests: readonly TestRow[] }) {
  const compared = tests.filter(({ of }) => of !== undefined);
  if (compared.length === 0) return null;
  const datasets = [...new Set(compared.flatMap(({ of }) => of?.dataset ?? []))];
  const of = (dataset: string | null): TestRow[] => compared.filter((test) => test.of?.dataset === dataset);
  return (
    <section aria-labelledby="system-tests-title">
      <h3 id="system-tests-title">Are the differences significant?</h3>
      <p className="quiet">
        A paired two-tailed t-test, as in the paper, beside a randomisation test, which assumes nothing about
        how differences are distributed. Both are Holm-corrected where several systems are compared with the
        same one. No significant difference is not equality: a test cannot prove that two systems are alike.
      </p>
      <Family title="Differences from the reference, paired by collection" tests={of(null)} />
      {datasets.map((dataset) => (
        <details key={dataset}>
          <summary>Within {dataset}, paired by query</summary>
          <Family
            title={`Differences from the reference on ${dataset}, paired by query`}
            tests={of(dataset)}
          />
        </details>
      ))}
    </section>
  );
}

function Family({ title, tests }: { readonly title: string; readonly tests: readonly TestRow[] }) {
  return (
    <>
      <DataTable table={testTable(title, tests)} />
      <details>
        <summary>Summary</summary>
        <ul className="tests" aria-label={title}>
          {tests.map(({ name, sentence }) => (
            <li key={name}>{sentence}</li>
          ))}
        </ul>
      </details>
    </>
  );
}
