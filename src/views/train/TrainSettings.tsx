import { NumberField } from '../../components/form/NumberField.tsx';
import { RealField } from '../../components/form/RealField.tsx';
import { SelectField } from '../../components/form/SelectField.tsx';
import type { TrainSpec } from '../../lab/spec/spec.ts';
import { recipeOf, recipes } from '../../lab/training/presets.ts';
import { useReports } from '../../state/reports.ts';
import { useSettings } from '../../state/settings.ts';
import { changeRuns, trainingOf } from '../../state/trainSettings.ts';
import { PairFields } from './PairFields.tsx';
import { ShapeFields } from './ShapeFields.tsx';

/** Which models are trained, on what, and how. One set of numbers holds for all, so that they compare. */
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
        <legend>Recipe</legend>
        <SelectField
          label="Numbers"
          value={recipe?.id ?? 'own'}
          options={[
            ...recipes.map(({ id, title }) => [id, title] as const),
            ...(recipe ? [] : [['own', 'Your own'] as const]),
          ]}
          onChange={(id) => set(recipes.find((one) => one.id === id)?.fields ?? {})}
        />
        <p className="quiet">{recipe?.about ?? 'Numbers of no recipe.'}</p>
        <div className="field-pair">
          <NumberField
            label="Steps"
            value={first.steps}
            min={1}
            empty={`${first.epochs} epochs`}
            onChange={(steps) => set({ steps })}
          />
          <NumberField
            label="Batch"
            value={first.batchSize}
            min={1}
            onChange={(batchSize) => batchSize !== null && set({ batchSize })}
          />
          <NumberField
            label="Texts at once"
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
            label="Warm-up (steps or share)"
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
            label="Tokens of a text"
            value={first.maxLength}
            min={4}
            onChange={(maxLength) => maxLength !== null && set({ maxLength })}
          />
          <NumberField
            label="Search every (steps)"
            value={first.evaluateEvery}
            min={0}
            onChange={(evaluateEvery) => evaluateEvery !== null && set({ evaluateEvery })}
          />
        </div>
        <SelectField
          label="Products of matrices"
          value={first.precision}
          options={[
            ['fp32', 'in float32'],
            ['fp16', 'of float16 values, summed in float32'],
          ]}
          onChange={(precision) => set({ precision })}
        />
      </fieldset>
      <PairFields first={first} set={set} />
      <p className="quiet">
        Loss: MultipleNegativesRankingLoss, cosine times {first.scale}. AdamW, decay {first.weightDecay},
        clipped at {first.maxGradNorm}. Held out for search: the collections and sample chosen under Layers.
      </p>
    </section>
  );
}
