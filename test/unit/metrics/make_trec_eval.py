"""Makes trecEval.json, the expected values of evaluate.test.ts, with trec_eval itself (PyPI: pytrec_eval-terrier)."""
import json, random
import pytrec_eval

random.seed(7)
queries, documents, k = 14, 60, 25
qrels = {f"q{q}": {f"d{d}": random.choice([0, 1, 1, 2, 3]) for d in random.sample(range(documents), random.randint(2, 12))} for q in range(queries)}
for judged in qrels.values():
    judged[next(iter(judged))] = 1
rankings = {q: random.sample(range(documents), k) for q in qrels}
run = {q: {f"d{d}": float(k - rank) for rank, d in enumerate(docs)} for q, docs in rankings.items()}
measures = {"success_1,10", "recip_rank", "ndcg_cut_10", "recall_10,25", "map_cut_25"}
values = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run)
names = {"hits@1": "success_1", "hits@10": "success_10", "ndcg@10": "ndcg_cut_10", "recall@10": "recall_10", "recall@25": "recall_25", "map@25": "map_cut_25", "reciprocal rank": "recip_rank"}
print(json.dumps({
    "k": k,
    "qrels": [[[int(d[1:]), grade] for d, grade in qrels[q].items()] for q in qrels],
    "rankings": [rankings[q] for q in qrels],
    "expected": {ours: [values[q][theirs] for q in qrels] for ours, theirs in names.items()},
}))
