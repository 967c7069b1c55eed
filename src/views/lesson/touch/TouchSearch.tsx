import { useEffect } from 'react';
import type { SeenAnswer } from '../../../lab/explore/answer.ts';
import type { ExploredList } from '../../../lab/explore/explorer.ts';
import { english } from '../../../lab/lesson/english.ts';
import { ask, openCollection, useExplore } from '../../../state/explore.ts';
import { useLesson } from '../../../state/lesson.ts';
import '../../explore/explore.css';
import { OpeningNote } from '../../explore/OpeningNote.tsx';
import { QueryBox } from '../../explore/QueryBox.tsx';

/** The query box of Explore over the lists that a step compares. */
export function TouchSearch() {
  const step = useLesson((state) => state.step);
  const answer = useExplore((state) => state.answer);
  useEffect(() => {
    void openCollection();
    if (useExplore.getState().asked.query === '') ask({ query: english.controls.query });
  }, []);
  return (
    <>
      <QueryBox />
      <OpeningNote />
      {answer ? (
        <Lists answer={answer} withFirst={step === 'idf'} />
      ) : (
        <p className="quiet">{english.controls.lists.waiting}</p>
      )}
    </>
  );
}

function Lists({ answer, withFirst }: { readonly answer: SeenAnswer; readonly withFirst: boolean }) {
  const text = english.controls.lists;
  const of = (system: ExploredList['system']) => answer.lists.filter((list) => list.system === system);
  const words = of('bm25')[0];
  const shown = [
    ...(withFirst ? [[text.ceFirst, of('ce')[0]] as const] : []),
    [text.deLast, of('de').at(-1)] as const,
    [text.bm25, words] as const,
  ];
  return (
    <div className="beside-lists">
      {shown.map(([name, list]) =>
        list ? (
          <OneList key={name} name={name} list={list} words={words} documents={answer.documents} />
        ) : null,
      )}
    </div>
  );
}

interface OneListProps {
  readonly name: string;
  readonly list: ExploredList;
  /** BM25's list. */
  readonly words: ExploredList | undefined;
  readonly documents: SeenAnswer['documents'];
}

function OneList({ name, list, words, documents }: OneListProps) {
  const text = english.controls.lists;
  const found = new Set(list === words ? [] : words?.hits.map(({ document }) => document));
  const shared = list.hits.filter(({ document }) => found.has(document)).length;
  return (
    <div>
      <h5>{name}</h5>
      {list === words ? null : <p className="quiet">{text.shared(shared, list.hits.length)}</p>}
      <ol>
        {list.hits.map(({ document }) => (
          <li key={document} title={documents[document]?.text}>
            <span className="clamped">{documents[document]?.text}</span>
            {found.has(document) ? (
              <>
                {' '}
                <span aria-hidden="true" className="also">
                  ●
                </span>
                <span className="visually-hidden">{text.also}</span>
              </>
            ) : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
