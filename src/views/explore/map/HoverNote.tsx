import { useEffect, useState } from 'react';
import type { MapText } from '../../../lab/explore/textMap.ts';
import { mapTexts } from '../../../state/map.ts';

/** The text that the pointer is on. */
export function HoverNote({
  row,
  x,
  y,
  width,
}: {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}) {
  const [seen, setSeen] = useState<MapText | null>(null);
  useEffect(() => {
    let gone = false;
    mapTexts([row]).then(
      ([text]) => {
        if (!gone) setSeen(text ?? null);
      },
      // The collection is being opened anew; its map comes with it.
      () => setSeen(null),
    );
    return () => {
      gone = true;
    };
  }, [row]);
  if (seen?.row !== row) return null;
  return (
    <div className="map-hover" style={{ left: Math.min(x + 12, Math.max(0, width - 260)), top: y + 14 }}>
      {seen.text.length > 160 ? `${seen.text.slice(0, 160)}…` : seen.text}
    </div>
  );
}
