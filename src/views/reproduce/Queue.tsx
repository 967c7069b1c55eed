import { bytes, duration } from '../../base/units.ts';
import { download } from '../../components/download.ts';
import { FileDrop } from '../../components/fileDrop/FileDrop.tsx';
import { Problem } from '../../components/Problem.tsx';
import { type CostPart, type ItemCost, modelDownload } from '../../lab/paper/itemCost.ts';
import { type Choice, combinedSpec, keyOf, type QueueItem, trainingItem } from '../../lab/paper/specs.ts';
import type { Report } from '../../lab/report/report.ts';
import {
  lacksFiles,
  placeOf,
  resultOf,
  startOver,
  startQueue,
  stopQueue,
  takeEntryFiles,
  useReproduce,
} from '../../state/reproduce/reproduce.ts';
import { useRun } from '../../state/run.ts';
import { RoomFor } from '../RoomFor.tsx';
import { RunOutcome } from '../RunOutcome.tsx';
import { type QueueCost, useQueueCost } from './useQueueCost.ts';

interface QueueProps {
  readonly choice: Choice;
  readonly items: readonly QueueItem[];
}

/** One button, what it costs, and how far each collection is. */
export function Queue({ choice, items }: QueueProps) {
  const { results, failures, dropped, working, problem } = useReproduce();
  const running = useRun(({ run }) => run.status === 'running');
  const key = keyOf(choice);
  const reportOf = (item: QueueItem): Report | null => resultOf(results, key, item);
  const cost = useQueueCost(choice, items, reportOf);
  const left = items.filter((item) => !reportOf(item));
  const ready = left.filter((item) => !lacksFiles(dropped, item));
  const done = items.length - left.length;
  const own = working?.key === key;
  const missing = left.flatMap((item) => (lacksFiles(dropped, item) && item.entry ? [item.entry] : []));
  return (
    <section className="card run-panel" aria-labelledby="queue-title">
      <h2 id="queue-title">Cost and progress</h2>
      {choice.stand === 'bundled' ? (
        <p className="provenance stored">
          Offline stand-in: these are the lab’s own mini models on its bundled collections, not the paper’s.
          They show how the page works, and say nothing of the paper’s figures.
        </p>
      ) : null}
      <p>{summary(choice, left, cost)}</p>
      <div className="button-row">
        {working ? (
          <button type="button" disabled={working.stopping} onClick={() => void stopQueue()}>
            {working.stopping ? 'Stopping…' : 'Stop'}
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            disabled={ready.length === 0 || running}
            onClick={() => void startQueue()}
          >
            {done > 0 ? 'Run what remains' : 'Run'}
          </button>
        )}
        {done > 0 && !working ? (
          <button
            type="button"
            onClick={() => {
              // Hours of work may hang on it.
              if (confirm(`Forget ${done} finished runs of this reproduction?`)) void startOver(key);
            }}
          >
            Start over
          </button>
        ) : null}
        <button
          type="button"
          onClick={() =>
            download(
              `${key}.spec.json`,
              `${JSON.stringify(combinedSpec(items), null, 2)}\n`,
              'application/json',
            )
          }
        >
          Save spec.json
        </button>
        <p role="status" className="quiet">
          {done} of {items.length} done.
          {running && !working ? ' Another page’s run goes on; wait for its end.' : ''}
        </p>
      </div>
      {working || left.length === 0 ? null : <RoomFor {...downloads(choice, left, cost)} />}
      {problem ? <Problem>{problem}</Problem> : null}
      {own ? <RunOutcome /> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus */}
      <section className="table-scroll" tabIndex={0} aria-label="Runs of this reproduction">
        <table className="queue">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">queries</th>
              <th scope="col">documents</th>
              <th scope="col">download</th>
              <th scope="col">time</th>
              <th scope="col">state</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => {
              const report = reportOf(item);
              const expected = cost.costs.get(item.id);
              const measured = report?.environment.datasets[0];
              const trains = item.id === trainingItem;
              return (
                <tr key={item.id}>
                  <th scope="row">
                    {item.entry?.id ?? item.title}
                    {item.entry ? <span className="quiet"> {item.entry.title}</span> : null}
                  </th>
                  <td className="number">{trains ? '' : count(measured?.queries ?? expected?.queries)}</td>
                  <td className="number">
                    {trains ? '' : count(measured?.documents ?? expected?.documents)}
                  </td>
                  <td className="number">{downloadOf(expected?.download)}</td>
                  <td className="number">
                    {report
                      ? duration(report.environment.seconds)
                      : trains
                        ? 'not known'
                        : about(expected?.seconds)}
                    {report || !expected ? null : <TimeParts parts={expected.parts} />}
                  </td>
                  <td className="state">
                    {stateOf(
                      item,
                      report,
                      own && working.id === item.id,
                      failures.get(placeOf(key, item.id)),
                      lacksFiles(dropped, item),
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {missing.map((entry) => (
        <FileDrop
          key={entry.id}
          label={`Drop the files of ${entry.id} here`}
          hint={entry.layout.kind === 'dropped' ? entry.layout.download : entry.made}
          busy={working !== null}
          onDrop={(files) => void takeEntryFiles(entry, files)}
        />
      ))}
    </section>
  );
}

/** What a run's time goes to, so that nobody starts hours of reranking unaware. */
function TimeParts({ parts }: { readonly parts: readonly CostPart[] }) {
  return (
    <ul className="time-parts quiet">
      {parts.map(({ what, seconds }) => (
        <li key={what}>
          {what} {duration(seconds)}
        </li>
      ))}
    </ul>
  );
}

function stateOf(
  { id }: QueueItem,
  report: Report | null,
  running: boolean,
  failure: string | undefined,
  lacks: boolean,
): string {
  if (report) return '✓ done';
  if (running) return id === trainingItem ? 'training…' : 'running…';
  if (failure !== undefined) return `failed: ${failure}`;
  return lacks ? 'needs its files, below' : 'to do';
}

function summary(choice: Choice, left: readonly QueueItem[], { costs, basis }: QueueCost): string {
  if (left.length === 0) return 'Everything is done.';
  const own = left.flatMap(({ id }) => costs.get(id) ?? []);
  const seconds = own.reduce((sum, cost) => sum + (cost.seconds ?? 0), 0);
  const loaded = own.reduce((sum, cost) => sum + (cost.download ?? 0), 0);
  const time =
    basis === null
      ? 'How long it takes is not known before something has run here.'
      : `It takes about ${duration(seconds)} at the pace of ${basis}${totals(own)}, roughly: by characters and weights${choice.work === 'systems' ? ', without training and timing' : ''}. A run of hours goes on after a reload.`;
  const fetched =
    choice.stand === 'bundled'
      ? 'Nothing is downloaded.'
      : `Models download up to ${bytes(modelDownload(choice))}, half or less where the device takes a smaller file, and collections about ${bytes(loaded)}; both are kept.`;
  return `${left.length} ${left.length === 1 ? 'run remains' : 'runs remain'}. ${fetched} ${time}`;
}

/** What is fetched and kept; embeddings come on top, and are left out where there is no room. */
function downloads(
  choice: Choice,
  left: readonly QueueItem[],
  { costs }: QueueCost,
): { readonly bytes: number; readonly whole: boolean } {
  if (choice.stand === 'bundled') return { bytes: 0, whole: true };
  const sizes = left.map(({ id }) => costs.get(id)?.download ?? null);
  return {
    bytes: modelDownload(choice) + sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    whole: !sizes.includes(null),
  };
}

/** What all runs that remain spend on each model or system. */
function totals(costs: readonly ItemCost[]): string {
  const byPart = new Map<string, number>();
  for (const { parts } of costs) {
    for (const { what, seconds } of parts) byPart.set(what, (byPart.get(what) ?? 0) + seconds);
  }
  const listed = [...byPart].map(([what, seconds]) => `${what} ${duration(seconds)}`);
  return listed.length > 0 ? ` (${listed.join(', ')})` : '';
}

function count(texts: number | undefined): string {
  return texts === undefined ? '' : texts.toLocaleString('en');
}

function downloadOf(size: number | null | undefined): string {
  if (size === 0) return 'none';
  return size === null || size === undefined ? 'not known' : `about ${bytes(size)}`;
}

function about(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? 'not known' : `about ${duration(seconds)}`;
}
