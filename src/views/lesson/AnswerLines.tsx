import { PaperMark } from '../../components/PaperMark.tsx';
import type { AnswerLine } from '../../lab/lesson/lessonText.ts';

/** An answer, in which the paper's figures are marked. */
export function AnswerLines({ lines }: { readonly lines: readonly AnswerLine[] }) {
  return lines.map(({ text, paper }) => (
    <p key={text}>
      {paper ? (
        <>
          <PaperMark />{' '}
        </>
      ) : null}
      {text}
    </p>
  ));
}
