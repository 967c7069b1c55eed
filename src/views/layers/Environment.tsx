import type { Report } from '../../lab/report/report.ts';

/** What a reader needs to trust or repeat the numbers. */
export function Environment({ report }: { readonly report: Report }) {
  const { environment } = report;
  const facts: (readonly [string, string])[] = [
    ['layerlab', environment.version],
    ['Started', environment.startedAt],
    ['Seconds', environment.seconds.toFixed(1)],
    ['Search', environment.search],
    ['Adapter', environment.adapter ?? 'none'],
    ['Processor threads', String(environment.hardwareConcurrency)],
    ['Browser', environment.userAgent],
    ...Object.entries(environment.versions),
    ['Seed', String(report.spec.seed)],
  ];
  return (
    <details>
      <summary>How these numbers were made</summary>
      <dl className="facts">
        {(['ce', 'de'] as const).map((kind) => {
          const model = environment.models[kind];
          if (!model) return null;
          return (
            <div key={kind}>
              <dt>{kind.toUpperCase()}</dt>
              <dd>
                {model.source}, {model.file}, {model.architecture}, {model.layers} layers of{' '}
                {model.hiddenSize}, SHA-256 <code>{model.sha256.slice(0, 16)}</code>, on {model.backend} (
                {model.why}); {model.work.texts} texts computed, {model.work.tokens} tokens
                {model.work.tokens > 0
                  ? `, ${(100 * (1 - model.work.tokens / model.work.paddedTokens)).toFixed(1)} % padding`
                  : ''}
              </dd>
            </div>
          );
        })}
        {environment.datasets.map((dataset) => (
          <div key={dataset.name}>
            <dt>{dataset.name}</dt>
            <dd>
              {dataset.source}, {dataset.queries} of {dataset.totalQueries} queries, {dataset.documents} of{' '}
              {dataset.totalDocuments} documents{dataset.licence ? `; ${dataset.licence}` : ''}
            </dd>
          </div>
        ))}
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
