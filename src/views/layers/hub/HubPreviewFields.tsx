import { useState } from 'react';
import { RealField } from '../../../components/form/RealField.tsx';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { withHubDataset } from '../../../lab/data/hub/hubDatasets.ts';
import type { HubPreview } from '../../../lab/data/hub/preview.ts';
import { lookInto } from '../../../state/hub.ts';
import { useSettings } from '../../../state/settings.ts';

interface HubPreviewFieldsProps {
  readonly preview: HubPreview;
  readonly onTaken: () => void;
}

const none = '';

/** What a data set holds; its split and columns are chosen, then it is taken. */
export function HubPreviewFields({ preview, onTaken }: HubPreviewFieldsProps) {
  const { source, kind, subsets, subset, splits, split, columns, rows, total, guess } = preview;
  const change = useSettings((state) => state.change);
  const [query, setQuery] = useState(guess?.query ?? columns[0] ?? none);
  const [document, setDocument] = useState(guess?.document ?? columns[1] ?? none);
  const [score, setScore] = useState(guess?.score ?? none);
  const [threshold, setThreshold] = useState(0.5);
  const isPairs = kind === 'pairs';
  const same = isPairs && (query === document || document === none);
  const take = (): void => {
    const chosen = { query, document, subset, ...(score === none ? {} : { score, threshold }) };
    change((was) => withHubDataset(was, preview, isPairs ? chosen : null));
    onTaken();
  };
  return (
    <div className="preview">
      <p>
        {source}:{' '}
        {isPairs
          ? `rows of ${columns.length} columns${total === null ? '' : `, ${total.toLocaleString('en')} of them`}.`
          : 'texts and judgements in BEIR’s layout.'}
      </p>
      {subsets.length > 1 ? (
        <SelectField
          label="Subset"
          value={subset}
          options={subsets.map((name) => [name, name || '(files in no folder)'] as const)}
          onChange={(chosen) => void lookInto(source, { subset: chosen })}
        />
      ) : null}
      <SelectField
        label="Split"
        value={split}
        options={splits.map((name) => [name, name] as const)}
        onChange={(chosen) => void lookInto(source, { subset, split: chosen })}
      />
      {isPairs ? (
        <>
          <PlainTable
            table={{
              caption: `First rows of ${source}`,
              columns: ['row', ...columns],
              rows: rows.map((cells, row) => [row + 1, ...cells]),
            }}
          />
          <SelectField
            label="Query"
            value={query}
            options={columns.map((name) => [name, name] as const)}
            onChange={setQuery}
          />
          <SelectField
            label="Document"
            value={document}
            options={columns.map((name) => [name, name] as const)}
            onChange={setDocument}
          />
          <SelectField
            label="Score"
            value={score}
            options={[
              [none, 'none: every pair is relevant'],
              ...columns.map((name) => [name, name] as const),
            ]}
            onChange={setScore}
          />
          {score === none ? null : (
            <RealField label="Relevant above" value={threshold} min={0} onChange={setThreshold} />
          )}
        </>
      ) : null}
      {same ? <p className="warning">Query and document are the same column; choose two.</p> : null}
      <button type="button" disabled={same} onClick={take}>
        Add this collection
      </button>
    </div>
  );
}
