import { whySentences } from '../../../lab/explore/whySentences.ts';
import { useWhy } from '../../../state/why.ts';

/** What the figures show for the chosen pair and collection, in words that are computed from them. */
export function WhyWords() {
  const figures = useWhy((state) => state.figures);
  if (figures.status !== 'ready') return null;
  const { ce, de, title } = figures.value;
  return (
    <section className="card" aria-labelledby="why-words">
      <h3 id="why-words">What the figures show on {title}</h3>
      <ul>
        {whySentences(ce, de).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p className="quiet">
        Computed from the figures below. Spearman’s ρ compares ranks; its interval is Fisher’s, with Bonett
        and Wright’s standard error, over tokens. Below 0.1 a relation is called none, below 0.3 weak, below
        0.5 moderate (Cohen 1988). A singular direction has no sign of its own: only the size of its ρ says
        something. A correlation does not show what makes an embedding layer search well; the curves below
        weigh tokens by their IDF to look further.
      </p>
    </section>
  );
}
