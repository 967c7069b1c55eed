import { duration } from '../src/base/units.ts';
import type { ExploreEvent } from '../src/lab/explore/openExplorer.ts';
import type { RunEvent } from '../src/lab/pipeline/events.ts';
import { dataSentences } from '../src/lab/report/dataSentences.ts';

/** One line that is rewritten on a terminal, a line every five seconds elsewhere. */
export class ProgressPrinter {
  readonly #stream: NodeJS.WriteStream;
  #open = false;
  #last = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  line(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  end(): void {
    if (this.#open) this.#stream.write('\n');
    this.#open = false;
  }

  #transient(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[2K${text.slice(0, (this.#stream.columns ?? 80) - 1)}`);
      this.#open = true;
    } else if (Date.now() - this.#last > 5000) {
      this.#last = Date.now();
      this.#stream.write(`${text}\n`);
    }
  }

  /** What happens until a collection can be searched. */
  showExploring(event: ExploreEvent): void {
    if (event.type !== 'embedding') {
      this.line(event.text);
      return;
    }
    const { model, done, total, secondsLeft } = event;
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
    this.#transient(`${model.toUpperCase()}: ${done} of ${total} documents${left}`);
  }

  show(event: RunEvent): void {
    switch (event.type) {
      case 'stage':
      case 'notice':
        this.line(event.text);
        break;
      case 'backend':
        this.line(`${event.model.toUpperCase()} runs on ${event.backend}: ${event.why}`);
        break;
      case 'download':
        this.#transient(
          `${event.file}: ${(event.loaded / 1e6).toFixed(1)}${event.total ? ` of ${(event.total / 1e6).toFixed(1)}` : ''} MB`,
        );
        break;
      case 'progress': {
        const share = event.total > 0 ? Math.floor((100 * event.done) / event.total) : 100;
        const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`;
        const cached = event.cached > 0 ? `, ${event.cached} from the cache` : '';
        this.#transient(
          `${share} %  ${event.dataset}, ${event.model.toUpperCase()}: ${event.done} of ${event.total} texts, ` +
            `${Math.round(event.textsPerSecond)} texts/s${cached}${left}`,
        );
        break;
      }
      case 'count':
        this.#transient(
          `${event.done} of ${event.total} ${event.what}${event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`}`,
        );
        break;
      case 'training': {
        const last = event.steps.at(-1);
        if (!last) break;
        const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`;
        this.#transient(
          `${event.name}: step ${last.step + 1} of ${event.totalSteps}, loss ${last.loss.toFixed(4)}, ` +
            `${event.pairsPerSecond.toFixed(1)} pairs/s${left}`,
        );
        break;
      }
      case 'comparison': {
        const { dataset, system, stage, metrics } = event.row;
        this.line(
          `${dataset}, ${system}, ${stage}: Hits@10 ${metrics['hits@10']?.toFixed(3)}, MRR@10 ${metrics['mrr@10']?.toFixed(3)}`,
        );
        break;
      }
      case 'evaluation': {
        const { step, dataset, metrics } = event.evaluation;
        this.line(`${event.name} after ${step} steps: ${dataset}, Hits@10 ${metrics['hits@10']?.toFixed(3)}`);
        break;
      }
      case 'layerwise':
        if (event.final) {
          const first = event.rows[0];
          if (!first) break;
          const hits = event.rows.map((row) => (row.metrics['hits@10'] ?? Number.NaN).toFixed(3)).join(' ');
          this.line(`${first.dataset}, ${first.model.toUpperCase()}: Hits@10 by layer ${hits}`);
        }
        break;
      case 'report':
        for (const { name, data } of event.report.environment.datasets) {
          for (const sentence of data ? dataSentences(data) : []) this.line(`${name}: ${sentence}`);
        }
        break;
      case 'kernels':
      case 'artefact':
        break;
    }
  }
}
