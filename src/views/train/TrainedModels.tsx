import { useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { download } from '../../components/download.ts';
import { withModel } from '../../lab/spec/editModels.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { modelZip } from '../../state/zips.ts';

/** What a run leaves: models to keep, and to look into. */
export function TrainedModels() {
  const report = useRun(({ run }) => (run.status === 'done' ? run.report : null));
  const change = useSettings((state) => state.change);
  const [said, setSaid] = useState('');
  if (!report || report.training.length === 0) return null;
  const keep = async (name: string): Promise<void> => {
    try {
      download(`${name}.zip`, await modelZip(name));
      setSaid('');
    } catch (error) {
      setSaid(sentenceOf(error));
    }
  };
  return (
    <section className="card" aria-labelledby="trained-title">
      <h2 id="trained-title">Trained models</h2>
      <p>
        Each is a folder in the hub’s layout, which transformers.js, sentence-transformers and this lab load:
        weights, ONNX, tokeniser, pooling, and a model card of what was done and measured.
      </p>
      <ul className="plain">
        {report.training.map(({ name, parameters, totalSteps, seconds, examples }) => (
          <li key={name}>
            <strong>{modelLabel(name)}</strong>: {(parameters / 1e6).toFixed(2)} million parameters,{' '}
            {totalSteps} steps in {seconds.toFixed(0)} s, {examples} training queries{' '}
            <span className="button-row">
              <button type="button" className="small" onClick={() => void keep(name)}>
                Download {name}.zip
              </button>
              <button
                type="button"
                className="small"
                onClick={() => {
                  change((was) => withModel(was, 'de', `folder:${name}`));
                  setSaid(`${modelLabel(name)} is now the dual encoder under Layers.`);
                }}
              >
                Look into its layers
              </button>
            </span>
          </li>
        ))}
      </ul>
      <p role="status">{said}</p>
    </section>
  );
}
