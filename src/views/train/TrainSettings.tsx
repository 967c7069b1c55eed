import { NumberField } from '../../components/form/NumberField.tsx';
import { RealField } from '../../components/form/RealField.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import { changeRuns, trainingOf } from '../../lab/spec/editTraining.ts';
import type { TrainSpec } from '../../lab/spec/spec.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { recipeOf, recipes } from '../../lab/spec/trainPresets.ts';
import { useReports } from '../../state/reports.ts';
import { useSettings } from '../../state/settings.ts';
import { PairFields } from './PairFields.tsx';
import { ShapeFields } from './ShapeFields.tsx';

/** Which models are trained, on what, and how; all share one set of settings, so that they can be compared. */
export function TrainSettings() {
  const { spec, change } = useSettings();
  const stored = useReports((state) => state.stored);
  const runs = trainingOf(spec);
  const [first] = runs;
  if (!first) return null;
  const layers = stored.status === 'ready' ? (stored.value.environment.models.ce?.layers ?? 12) : 12;
  const set = (fields: Partial<TrainSpec>): void => change((was) => changeRuns(was, fields));
  const recipe = recipeOf(first);
  return (
    <section className="card settings-body" aria-labelledby="train-settings">
      <h2 id="train-settings">Training runs</h2>
      <ShapeFields runs={runs} layers={layers} />
      <fieldset>
        <legend>Training settings</legend>
        <SelectField
          label="Preset"
          value={recipe?.id ?? 'own'}
          options={[
            ...recipes.map(({ id, title }) => [id, title] as const),
            ...(recipe ? [] : [['own', 'Custom'] as const]),
          ]}
          onChange={(id) => set(recipes.find((one) => one.id === id)?.fields ?? {})}
        />
        <p className="quiet">{recipe?.about ?? 'Settings of your own, which match no preset.'}</p>
        <div className="field-pair">
          <NumberField
            label="Steps"
            value={first.steps}
            min={1}
            empty={`${first.epochs} epochs`}
            onChange={(steps) => set({ steps })}
          />
          <NumberField
            label="Batch size"
            value={first.batchSize}
            min={1}
            onChange={(batchSize) => batchSize !== null && set({ batchSize })}
          />
          <NumberField
            label="Mini-batch size"
            value={first.miniBatchSize}
            min={1}
            onChange={(miniBatchSize) => miniBatchSize !== null && set({ miniBatchSize })}
          />
          <RealField
            label="Learning rate"
            value={first.learningRate}
            min={0}
            onChange={(learningRate) => set({ learningRate })}
          />
          <RealField
            label="Warm-up (steps, or share below 1)"
            value={first.warmupSteps}
            min={0}
            onChange={(warmupSteps) => set({ warmupSteps })}
          />
          <RealField
            label="Dropout"
            value={first.dropout}
            min={0}
            below={1}
            onChange={(dropout) => set({ dropout })}
          />
          <NumberField
            label="Tokens per text, at most"
            value={first.maxLength}
            min={4}
            onChange={(maxLength) => maxLength !== null && set({ maxLength })}
          />
          <NumberField
            label="Evaluate every (steps)"
            value={first.evaluateEvery}
            min={0}
            empty="never"
            onChange={(evaluateEvery) => set({ evaluateEvery })}
          />
        </div>
        <SelectField
          label="Precision"
          value={first.precision}
          options={[
            ['fp32', 'float32'],
            ['fp16', 'float16 products, float32 sums'],
          ]}
          onChange={(precision) => set({ precision })}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={runs.every(({ adaptiveLayers }) => adaptiveLayers)}
            onChange={(event) => set({ adaptiveLayers: event.target.checked })}
          />
          <span>
            Adaptive layers{' '}
            <span className="quiet">the loss at every layer, so that the model can be cut at each</span>
          </span>
        </label>
      </fieldset>
      <PairFields first={first} set={set} />
      <p className="quiet">
        {lossesInWords(runs)} Optimiser: AdamW, weight decay {first.weightDecay}, gradients clipped to norm{' '}
        {first.maxGradNorm}. Evaluated on the collections and the sample chosen under Layers.
      </p>
    </section>
  );
}

function lossesInWords(runs: readonly TrainSpec[]): string {
  const scale = runs[0]?.scale;
  const words = {
    mnrl: `MultipleNegativesRankingLoss on cosine × ${scale}`,
    mse: 'mean squared error of vectors',
    'margin-mse': `mean squared error of margins of cosine × ${scale}`,
    kl: `Kullback-Leibler divergence of cosine × ${scale} over each query’s candidates`,
  } as const;
  const used = [...new Set(runs.map(({ loss }) => words[loss]))];
  const adaptive = runs.filter(({ adaptiveLayers }) => adaptiveLayers);
  const of =
    adaptive.length === runs.length ? '' : `, of ${adaptive.map(({ name }) => modelLabel(name)).join(', ')}`;
  const where = adaptive.length === 0 ? '' : `${of}, at every layer`;
  return `${used.length === 1 ? 'Loss' : 'Losses'}: ${used.join('; ')}${where}.`;
}
