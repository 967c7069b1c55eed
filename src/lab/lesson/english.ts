import { layerLabel } from '../report/curves.ts';
import { alikeWithin, type LessonFigures, type Pairing, type PaperFigures } from './figures.ts';
import type { AnswerLine, LessonText } from './lessonText.ts';
import type { LiveFigures, Overlap, Swapped } from './live.ts';
import { count, interval, list, pText, seconds, share, signed, three } from './numbers.ts';

const own = (...texts: readonly string[]): AnswerLine[] => texts.map((text) => ({ text }));
const paper = (text: string): AnswerLine => ({ text, paper: true });
const significance = ({ test }: Pairing): string =>
  test.pValue === null
    ? 'a paired t-test is not defined here'
    : `paired t-test, p = ${pText(test.pValue)}, ${test.pValue < 0.05 ? 'significant' : 'not significant'} at 0.05`;
const layerName = (layer: number): string => (layer === 0 ? 'the embedding layer' : `layer ${layer}`);

function dualAnswer({ dual, compared }: LessonFigures): AnswerLine[] {
  const { first, second, ahead } = dual;
  const reading =
    ahead === compared
      ? 'The DE is ahead on every collection.'
      : ahead === 0
        ? 'BM25 is ahead of it, or level, on every collection.'
        : `Which is ahead depends on the collection: the DE on ${ahead} of ${compared}.`;
  return own(
    `Hits@10 is ${three(first)} for the DE and ${three(second)} for BM25, on average over ${compared} collections (${significance(dual)}).`,
    `${reading} BM25 needs a shared word; the DE can do without, if its training taught it what goes together.`,
  );
}

function crossAnswer({ swapped }: LiveFigures): AnswerLine[] {
  if (!swapped) return [];
  const { logit, cosine }: Swapped = swapped;
  const stays = (a: number, b: number, digits: number): string =>
    a.toFixed(digits) === b.toFixed(digits)
      ? `stays ${signed(a, digits)}`
      : `goes from ${signed(a, digits)} to ${signed(b, digits)}`;
  return own(
    `Swapped, the CE’s logit ${stays(...logit, 2)}; the DE’s cosine ${stays(...cosine, 3)}.`,
    'A cosine compares two vectors that are finished, so order cannot matter to it. The CE computes something else for each row that it reads: the score belongs to the pair, not to the texts.',
  );
}

function costAnswer({ cost }: LessonFigures): AnswerLine[] {
  const { documents, pairsPerSecond, queryMilliseconds, depth } = cost;
  const time = (pairs: number): string => seconds(pairs / pairsPerSecond);
  return own(
    `The stored comparison read ${count(Math.round(pairsPerSecond))} pairs a second. ${count(documents)} documents take ${time(documents)}, for one query; a million take ${time(1e6)}.`,
    `The DE embeds the query in ${queryMilliseconds.toFixed(1)} ms and compares it with vectors that were there before.`,
    `So a CE reranks: the DE proposes ${depth} documents, which the CE reads in ${time(depth)}.`,
  );
}

function selfPairAnswer({ selfPair }: LessonFigures): AnswerLine[] {
  const { texts, ceTokens, deTokens, ceSeconds, deSeconds } = selfPair;
  return own(
    `For the same ${count(texts)} texts the CE read ${count(ceTokens)} tokens and the DE ${count(deTokens)}: ${(ceTokens / deTokens).toFixed(2)} times as many. It took ${(ceSeconds / deSeconds).toFixed(1)} times as long.`,
    'The text stands there twice, and the mean may be taken over both copies or over the first alone.',
  );
}

function curveAnswer({ curve, layered }: LessonFigures): AnswerLine[] {
  const { ce, de, ceBest, deBest, ceAhead } = curve;
  const [ceLast, deLast, first] = [ce.at(-1)!, de.at(-1)!, ce[0]!];
  const lead =
    ceAhead.length === 0
      ? 'The DE is level or ahead at every layer.'
      : ceAhead.length === ce.length
        ? 'The CE is ahead at every layer.'
        : `The CE is ahead of the DE at ${list(ceAhead.map(layerLabel))}, and nowhere else.`;
  return own(
    `On average over ${layered} collections the CE is best at ${layerName(ceBest.layer)}, with Hits@10 ${three(ceBest.value)}, and ends at ${three(ceLast.value)}. The DE is best at ${layerName(deBest.layer)}, with ${three(deBest.value)}.`,
    `${lead} Its embedding layer reaches ${share(first.value, deLast.value)} of the whole DE.`,
  );
}

function idfAnswer({ overlap }: LiveFigures): AnswerLine[] {
  if (!overlap) return [];
  const { collection, queries, depth, ce, deFirst, deLast }: Overlap = overlap;
  const more = ce > deLast;
  return own(
    `Over ${queries} queries of ${collection}, the first ${depth} of the CE’s embedding layer share ${ce.toFixed(1)} documents with BM25’s, those of the DE’s last layer ${deLast.toFixed(1)}; those of the DE’s embedding layer ${deFirst.toFixed(1)}.`,
    more
      ? 'The CE’s embedding layer searches more like a word count than the trained DE does. That it weighs words like IDF is one explanation; that the DE has learned to look past words is another.'
      : 'The trained DE is at least as close to a word search as the CE’s embedding layer is: for this pair and collection the lists do not show word weights at work.',
  );
}

function infusionAnswer({ infusion, compared, paper: printed }: LessonFigures): AnswerLine[] {
  const { first, second, ahead, baseline, speedup } = infusion;
  return [
    ...own(
      `Hits@10 is ${three(first)} for DE-2 CE and ${three(second)} for DE-2 Rand; DE-2 CE is ahead on ${ahead} of ${compared} collections (${significance(infusion)}).`,
      `The whole DE reaches ${three(baseline)}. DE-2 CE encodes ${speedup.toFixed(1)} times as fast.`,
    ),
    paper(
      `On twelve datasets: DE-2 CE ${three(printed.infusion.first)}, DE-2 Rand ${three(printed.infusion.second)}, and ${printed.speedup.toFixed(2)} times as fast as its DE of twelve layers.`,
    ),
  ];
}

function rerankAnswer({ rerank, compared, paper: printed }: LessonFigures): AnswerLine[] {
  const { first, second } = rerank;
  const change = first - second;
  const reading =
    Math.abs(change) <= alikeWithin
      ? 'Here reranking changes little.'
      : change > 0
        ? 'Here the CE orders better than the DE.'
        : 'Here reranking harms: this small CE, made for the lab, orders worse than the DE whose lists it gets. A CE is no better judge because it is a CE; measure yours.';
  return [
    ...own(
      `Hits@10 goes from ${three(second)} to ${three(first)}, on average over ${compared} collections (${significance(rerank)}).`,
      reading,
    ),
    paper(
      `Its baseline goes from ${three(printed.rerank.second)} to ${three(printed.rerank.first)} over ${printed.datasets} datasets.`,
    ),
  ];
}

function significanceAnswer({ significance: pair, paper: printed }: LessonFigures): AnswerLine[] {
  const { test, interval: bounds } = pair;
  const isSignificant = test.pValue !== null && test.pValue < 0.05;
  const t = test.statistic === null ? '' : `t(${test.degreesOfFreedom}) = ${signed(test.statistic, 2)}, `;
  return [
    ...own(
      `${t}${test.pValue === null ? 'p is not defined' : `p = ${pText(test.pValue)}`}: ${isSignificant ? 'significant' : 'not significant'}. The 95 % interval of the difference goes from ${interval(bounds)}.`,
      isSignificant
        ? 'That says that the difference is unlikely to be chance, not that it is large.'
        : `That does not make the layers equal. ${test.n} collections can hardly show anything: a randomisation test over ${test.n} cannot come below p = ${three(2 / 2 ** test.n)}, whatever the figures.`,
    ),
    paper(
      `With its own models it has p < ${printed.layerwise.pBelow} over ${printed.layerwise.datasets} datasets.`,
    ),
  ];
}

function paperAnswer({ paper: printed }: LessonFigures): AnswerLine[] {
  const { datasets, mean, printed: said, hits, mrr, infusion, speedup, pAbove } = printed;
  const [p1, p2] = [hits.test.pValue, mrr.test.pValue];
  const contradicts = p1 !== null && p2 !== null && Math.max(p1, p2) < 0.05 && hits.first < hits.second;
  return [
    paper(
      `The mean of the ${datasets} is ${mean.toFixed(4)}, which prints as ${mean.toFixed(2)}; the text has ${said.toFixed(2)}.`,
    ),
    paper(
      `DE-2 CE against the whole DE, both reranked, gives p = ${pOrNone(p1)} for Hits@10 and ${pOrNone(p2)} for MRR@10, where the text says p > ${pAbove}${contradicts ? ': by its own table the whole DE is significantly better' : ''}.`,
    ),
    paper(holds(infusion, datasets, speedup)),
  ];
}

const pOrNone = (p: number | null): string => (p === null ? 'no value' : pText(p));

function holds(infusion: Pairing, datasets: number, speedup: PaperFigures['speedup']): string {
  const better = infusion.first > infusion.second;
  return `What the table bears out: DE-2 CE is ${better ? 'above' : 'below'} DE-2 Rand, on ${infusion.ahead} of ${datasets} by Hits@10 (p = ${pOrNone(infusion.test.pValue)}), and ${speedup.toFixed(2)} times as fast as the whole DE.`;
}

const pair = {
  query: 'a program that checks a disk for errors',
  document: 'fsck: utility that finds and repairs damage in a file system',
};

const alike = `Neither: within ${alikeWithin} of each other`;

const firstHalf = {
  dual: {
    title: 'What a dual encoder does',
    idea: [
      'A dual encoder (DE) turns each text into one vector, by itself. Documents are embedded once, beforehand. When a query comes it is embedded too, and the documents whose vectors point the same way are found.',
      'Its rival is older: BM25 counts the words that query and document share, and counts rare words for more.',
    ],
    question: ({ compared }) =>
      `Both search the same ${compared} collections. Which one more often has a relevant document among its first ten?`,
    options: { de: 'The dual encoder', bm25: 'BM25', alike },
    answer: dualAnswer,
    touch: 'Ask in your own words. Then ask the same with words that a dictionary would not use.',
    open: 'Search with every layer, on Explore',
    teacher:
      'Let the class name a query that BM25 cannot answer, type it, and see whether the DE can. A vector is no summary: it is what training made useful for search.',
  },
  cross: {
    title: 'What a cross encoder does',
    idea: [
      'A cross encoder (CE) reads query and document together, as one row: [CLS] query [SEP] document [SEP]. Every word of one can attend to every word of the other. Out comes one number, the logit: how well the two match.',
      'It makes no vector of a text. It reads pairs.',
    ],
    question: () =>
      `Query: “${pair.query}”. Document: “${pair.document}”. Put the document first and the query second. Whose score changes?`,
    options: {
      ce: 'The CE’s logit',
      de: 'The DE’s cosine',
      both: 'Both',
      neither: 'Neither',
    },
    answer: (_, live) => crossAnswer(live),
    touch: 'Change a word of the query or of the document, and compare again.',
    open: 'Look closer at these texts, on Explore',
    teacher:
      'Ask what a DE would need to know that two texts answer each other. A logit is on no fixed scale; only the order of logits means something.',
  },
  cost: {
    title: 'Why a cross encoder cannot search',
    idea: [
      'A CE needs the query and the document at the same time. Nothing can be computed before the query is there, and for the next query it reads every document again.',
    ],
    question: ({ cost }) =>
      `One query, ${count(cost.documents)} short documents, ${cost.cores} processor cores, and a small CE of ${cost.layers} layers. How long does it read?`,
    options: {
      instant: 'Less than a tenth of a second',
      second: 'About a second, two at most',
      longer: 'Longer',
    },
    answer: costAnswer,
    touch: 'How many documents does a collection that you know have? See what one query costs there.',
    open: 'What was measured, on Compare',
    teacher:
      'Let the class work it out: documents divided by pairs a second. A GPU changes the factor, not the growth: twice the documents, twice the time.',
  },
  'self-pair': {
    title: 'The self pair',
    idea: [
      'A CE has no input for a single text. The paper gives it the same text twice, [CLS] s [SEP] s [SEP], and takes the mean of a layer’s hidden states over the tokens of the text. That is a vector, and every layer gives one, though none was trained for it.',
    ],
    question: ({ selfPair }) =>
      `The stored run embedded the same ${count(selfPair.texts)} texts with both models. How many tokens did the CE read for each of the DE’s?`,
    options: { same: 'About one', double: 'About two', more: 'More than two and a half' },
    answer: selfPairAnswer,
    touch: 'Type a text, and choose which tokens the mean is taken over. The link runs the choice.',
    open: 'Run a sample with this pooling, on Layers',
    teacher:
      'Ask why not [CLS] s [SEP] alone: a CE was trained on two segments, and a row with one is unlike anything that it has seen.',
  },
  curve: {
    title: 'Reading a layer curve',
    idea: [
      'Each layer searches by itself. Hits@10 is the share of queries with a relevant document among the first ten. One point a layer, from the embedding layer (emb) to the last: that is a layer curve.',
    ],
    question: () =>
      'The DE was trained to search with its last layer, the CE to score pairs. Where is the CE’s curve highest?',
    options: {
      early: 'In the first third of its layers',
      middle: 'In the middle',
      late: 'In the last third',
    },
    answer: curveAnswer,
    touch: 'Choose another measure, and press a layer to compare both models there.',
    open: 'Every collection’s curves, on Layers',
    teacher:
      'Have the class sketch both curves before you show them. Heights of two collections cannot be compared, shapes can.',
  },
} satisfies Partial<LessonText['steps']>;

const secondHalf = {
  idf: {
    title: 'Why the embedding layer works',
    idea: [
      'At the embedding layer no word has seen another: the vector of a text is the mean of its tokens’ own vectors, a bag of words. Such a bag finds things if rare words weigh more than common ones, as in BM25, which weighs by inverse document frequency (IDF).',
      'Lu et al. (EMNLP 2025, arXiv:2502.04645) report that they found IDF in the embedding matrix of a cross encoder.',
    ],
    question: () =>
      'Whose first ten documents have more in common with BM25’s: those of the CE’s embedding layer, or those of the DE’s last layer?',
    options: { ce: 'The CE’s embedding layer', de: 'The DE’s last layer', alike: 'About the same' },
    answer: (_, live) => idfAnswer(live),
    touch: 'Search for a rare word together with common ones. Which list follows the rare word?',
    open: 'IDF in both embedding matrices, on Explore',
    teacher:
      'Let the class weigh the words of one query by hand before it is searched. That two lists are alike does not show that they come about alike.',
  },
  infusion: {
    title: 'From CE to DE-2',
    idea: [
      'If early layers of a CE embed well, a small DE can start from them. DE-2 CE has two layers: the embedding layer and the first layer are the CE’s, the second starts at random. Then it is trained on pairs. DE-2 Rand has the same shape and the same training, and starts at random.',
    ],
    question: ({ compared }) =>
      `Trained alike and searching the same ${compared} collections, which one is better?`,
    options: { ce: 'DE-2 CE', rand: 'DE-2 Rand', alike },
    answer: infusionAnswer,
    touch: 'Take another measure. Does the order stay?',
    open: 'Train both here, on Train',
    teacher:
      'Ask what DE-2 Rand is for. Without it, nobody could tell what the CE’s layers give from what the training gives.',
  },
  rerank: {
    title: 'Reranking',
    idea: [
      'A CE cannot search, but it can judge: a retriever proposes documents, and the CE reads each with the query and orders them anew. It can lift what was found. It cannot find what was not.',
    ],
    question: ({ cost }) =>
      `The CE reranks the first ${cost.depth} documents of the whole DE. What happens to Hits@10?`,
    options: {
      better: 'It rises',
      same: `It stays, within ${alikeWithin}`,
      worse: 'It falls',
    },
    answer: rerankAnswer,
    touch: 'Move the depth: how many documents does the CE get to reorder?',
    open: 'Quality by depth and time, on Compare',
    teacher:
      'Ask before the answer what a perfect judge would reach: the share of queries with a relevant document among those it gets.',
  },
  significance: {
    title: 'Is the difference significant?',
    idea: [
      'Two systems are measured on the same collections, and the differences are tested: how often would differences this large come by chance if there were none? With few collections only large differences show, and “not significant” never means “equal”.',
    ],
    question: ({ significance: { test }, layered }) =>
      `Over ${layered} collections the CE’s embedding layer is on average ${three(Math.abs(test.meanDifference))} Hits@10 ${test.meanDifference >= 0 ? 'above' : 'below'} the DE’s. Is that significant at 0.05?`,
    options: { yes: 'Yes', no: 'No' },
    answer: significanceAnswer,
    touch: 'Leave collections out, or take another measure, and watch the p-value.',
    open: 'The tests beside the curves, on Layers',
    teacher:
      'Leave out the collection with the largest difference first. Choosing collections until p is small is how false findings are made.',
  },
  paper: {
    title: 'What the paper claims, and what follows',
    idea: [
      'The paper concludes that early layers of a CE embed well, and that DE-2 CE is nearly as good as the whole DE and five times as fast. For the second it gives one table, twelve datasets, two decimals. Anyone can compute with it.',
    ],
    question: ({ paper: { printed, datasets } }) =>
      `Section 4.4 gives DE-2 CE, reranked, a mean MRR@10 of ${printed.toFixed(2)}. What is the mean of the table’s ${datasets} figures, to two decimals?`,
    options: { same: 'The same', lower: 'Lower', higher: 'Higher' },
    answer: paperAnswer,
    touch: 'Choose a claim, and follow its arithmetic.',
    open: 'The table and every claim, on The paper',
    teacher:
      'That a claim does not follow means that the table and the sentence disagree, not which of them is mistaken. Ask what the authors could print so that nobody has to guess.',
  },
} satisfies Partial<LessonText['steps']>;

export const english: LessonText = {
  title: 'CE against DE in twenty minutes',
  about: 'Ten steps, one idea each: predict, see what was measured, and try it yourself.',
  kept: 'Your predictions stay in this browser. Nothing is sent.',
  steps: { ...firstHalf, ...secondHalf },
  progress: (done, of) => `${done} of ${of} steps answered`,
  stepOf: (number, of) => `Step ${number} of ${of}`,
  choice: (chosen, right) =>
    right ? `You predicted “${chosen}”, and so it is.` : `You predicted “${chosen}”. It is otherwise.`,
  words: {
    steps: 'Steps',
    done: 'answered',
    predict: 'Predict',
    choose: 'Choose a prediction to see the answer.',
    reveal: 'Show the answer',
    computing: 'Computing the answer…',
    answer: 'Answer',
    touch: 'Try it',
    next: 'Next',
    previous: 'Previous',
    present: 'Present',
    leave: 'Leave presenting',
    keys: '→ or Page Down goes on, ← or Page Up goes back, Esc leaves.',
    sheet: 'Teacher’s sheet',
    toLesson: 'Back to the lesson',
    print: 'Print',
    startOver: 'Start over',
    finished: 'That was the last step.',
    sheetAbout:
      'Questions and answers of the lesson. Numbers are those of the stored reports; where it says so, the paper’s.',
    minutes: (minutes) => `${minutes} minutes`,
    note: 'For the teacher',
    sheetComputing:
      'Two answers are being computed. “Print” waits for them; if this sentence stands on paper, print again.',
  },
  controls: {
    query: 'a program that checks a disk for errors',
    pair,
    lists: {
      ceFirst: 'CE, embedding layer',
      deLast: 'DE, last layer',
      bm25: 'BM25',
      shared: (shared, of) => `${shared} of ${of} are BM25’s too`,
      also: 'BM25’s too',
      waiting: 'The lists will stand here, as soon as the collection is open.',
    },
    swap: {
      query: 'Query',
      document: 'Document',
      compare: 'Compare both ways',
      given: 'as given',
      swapped: 'swapped',
      caption: 'Scores of the pair, both ways',
      score: 'score',
      logit: 'CE, logit',
      cosine: 'DE, cosine of the last layer',
    },
    cost: {
      documents: 'Documents in the collection',
      all: (documents, time) => `The CE reads all ${count(documents)}: ${seconds(time)} for one query.`,
      rerank: (depth, time) => `The CE reads the first ${count(depth)}: ${seconds(time)}.`,
      dual: (milliseconds) =>
        `The DE embeds the query: ${milliseconds.toFixed(1)} ms, however many documents there are.`,
    },
    selfPair: {
      text: 'A text',
      example: 'a language for lists',
      mean: 'The mean is taken over',
      both: 'both copies',
      first: 'the first copy',
      reads: 'What the CE reads; marked, what the mean is taken over',
    },
    metric: 'Measure',
    average: (collections) => `Average of ${collections} collections`,
    systems: (metric) => `${metric} of the three models`,
    depth: {
      label: 'Documents reranked for each query',
      at: (depth, metric, value, time) =>
        depth === 0
          ? `Not reranked: ${metric} ${three(value)}.`
          : `${depth} reranked: ${metric} ${three(value)}, for ${seconds(time)} of reading a query.`,
      title: (metric) => `${metric} of the whole DE by documents reranked`,
    },
    test: {
      collections: 'Collections',
      caption: 'Embedding layers by collection',
      collection: 'collection',
      difference: 'CE − DE',
      sentence: (pair) =>
        `Mean difference ${signed(pair.test.meanDifference, 3)}, 95 % interval ${interval(pair.interval)}; ${significance(pair)}.`,
      tooFew: 'A test needs at least two collections.',
    },
    claims: {
      choose: 'Claim',
      counts: (follow, not, open) =>
        `Of the claims of sections 4.3 and 4.4, ${follow} follow from the table, ${not} do not, and ${open} cannot be told from it.`,
    },
  },
};
