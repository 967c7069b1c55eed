import type { Grouped, PointGroup } from './mapGroups.ts';

/** Every group that has points, with how many. */
export function MapLegend({ grouped }: { readonly grouped: Grouped }) {
  return (
    <ul className="legend">
      {grouped.groups.map((group) =>
        group.count > 0 ? (
          <li key={group.name}>
            <Swatch group={group} /> {group.name} ({group.count})
          </li>
        ) : null,
      )}
    </ul>
  );
}

function Swatch({ group: { colour, shape } }: { readonly group: PointGroup }) {
  return (
    <svg className="swatch" width="14" height="12" aria-hidden="true">
      {shape === 'disc' ? (
        <circle cx="7" cy="6" r="5" fill={colour} />
      ) : (
        <path d="M7 0l6 6l-6 6l-6 -6z" fill={colour} />
      )}
    </svg>
  );
}
