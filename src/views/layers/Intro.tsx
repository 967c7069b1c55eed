/** What is measured, in the fewest words. */
export function Intro() {
  return (
    <section className="intro" aria-labelledby="intro-title">
      <h2 id="intro-title">Which layer finds the right document?</h2>
      <p>
        A <strong>cross encoder</strong> (CE) reads a query and a document together and says how well they
        match. A <strong>dual encoder</strong> (DE) embeds each by itself. A paper found that a CE’s early
        hidden states are good sentence embeddings all the same. Here you can check: every layer of both
        embeds every text, each layer searches by itself, and the curves say how often a relevant document is
        among its first ten.
      </p>
    </section>
  );
}
