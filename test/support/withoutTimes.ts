import type { Report } from '../../src/lab/report/report.ts';

/** A report without what no two runs have in common: when it was made, and how long what took. */
export function withoutTimes(report: Report): unknown {
  const { startedAt: _at, startSeconds: _start, seconds: _all, models, ...environment } = report.environment;
  const untimed = Object.entries(models).map(([kind, model]) => {
    if (!model) return [kind, model];
    const { seconds: _seconds, ...work } = model.work;
    return [kind, { ...model, work }];
  });
  return JSON.parse(
    JSON.stringify({
      ...report,
      environment: { ...environment, models: Object.fromEntries(untimed) },
      training: report.training.map((row) => ({ ...row, seconds: 0 })),
      rerankDepths: report.rerankDepths.map((row) => ({ ...row, seconds: 0 })),
      speed: report.speed.map(({ dataset, system, texts }) => ({ dataset, system, texts })),
    }),
  );
}
