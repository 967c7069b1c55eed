import type { Reproduction } from '../../lab/paper/reproductions.ts';

/** What the paper did, what is the same here and what differs. */
export function About({
  reproduction: { title, about, did, same, differs },
}: {
  readonly reproduction: Reproduction;
}) {
  return (
    <section className="card about-figure" aria-labelledby="about-title">
      <h2 id="about-title">
        {title}: {about}
      </h2>
      <div className="about-columns">
        <List title="What the paper did" items={did} />
        <List title="The same here" items={same} />
        <List title="What differs" items={differs} />
      </div>
    </section>
  );
}

function List({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}
