"""Makes matrix.json, the expected values of metricsMatrix.test.ts: forty small, awkward runs and qrels measured by
trec_eval itself (PyPI: pytrec_eval-terrier), by ranx and by sentence-transformers' InformationRetrievalEvaluator.

trec_eval orders equal scores by id, descending. The two other tie rules are put to it as scores without ties, in the
order that each rule gives, so that its measures judge every rule.

    NUMBA_DISABLE_JIT=1 OMP_NUM_THREADS=1 python test/reference/evaluators/make_matrix.py > test/reference/evaluators/matrix.json
"""
import json
import random
import sys

import numpy
import pytrec_eval
import ranx
from sentence_transformers.evaluation import InformationRetrievalEvaluator

random.seed(41)
DEPTH = 50
MEASURES = {"success_1,10", "recip_rank", "ndcg_cut_10", "recall_10,50", "map_cut_50"}
RULES = ["document-order", "id-ascending", "id-descending"]
IDS = {
    "plain": lambda i: f"d{i}",
    "numbers": lambda i: str(i),
    "zeros": lambda i: f"{i:03d}" if i % 2 else str(i),
    "large": lambda i: str(9007199254740993 + i),
    "unicode": lambda i: ["é", "\U0001f600", "～", "z", "Z"][i % 5] + str(i),
    "floats": lambda i: f"{i}e2",
}


def grades(kind):
    return {"binary": [1], "graded": [0, 1, 2, 3], "negative": [-2, -1, 0, 1, 2], "zero": [0, 0, 0, 1]}[kind]


def scores(kind, count):
    if kind == "distinct":
        return [float(x) for x in random.sample(range(1000), count)]
    if kind == "ties":
        return [float(random.randint(0, 2)) for _ in range(count)]
    if kind == "equal":
        return [1.5] * count
    if kind == "tiny":
        return [random.randint(1, 4) * 1e-7 for _ in range(count)]
    if kind == "huge":
        return [1e7 + random.randint(0, 3) for _ in range(count)]
    if kind == "negative":
        return [-float(random.randint(0, 5)) for _ in range(count)]
    # Apart as doubles, equal as float32, in which trec_eval compares.
    return [1.0 + random.randint(0, 3) * 1e-9 for _ in range(count)]


def case(index):
    name = list(IDS)[index % len(IDS)]
    documents = random.choice([1, 3, 9, 12, 40, 80])
    queries = random.randint(1, 5)
    ids = [IDS[name](i) for i in range(documents)]
    random.shuffle(ids)
    grade = random.choice(["binary", "graded", "negative", "zero"])
    score = ["distinct", "ties", "equal", "tiny", "huge", "negative", "float32"][index % 7]
    qrels, run = {}, {}
    for q in range(queries):
        judged = random.sample(ids, min(documents, random.choice([1, 2, 6, 30])))
        qrels[f"q{q}"] = {d: random.choice(grades(grade)) for d in judged}
        qrels[f"q{q}"][judged[0]] = 1
        # Some queries have no list, some a short one, some one of all.
        length = random.choice([0, 1, min(5, documents), documents, documents])
        if length:
            listed = random.sample(ids, length)
            run[f"q{q}"] = dict(zip(listed, scores(score, length)))
    return {"about": f"{name} ids, {grade} grades, {score} scores", "ids": ids, "qrels": qrels, "run": run}


def ordered(one, query, rule):
    listed = one["run"].get(query, {})
    place = {d: i for i, d in enumerate(one["ids"])}
    near = {d: float(numpy.float32(s)) for d, s in listed.items()}
    docs = sorted(listed, key=lambda d: place[d])
    if rule != "document-order":
        docs.sort(reverse=rule == "id-descending")
    return sorted(docs, key=lambda d: -near[d])


def trec(one, rule):
    if rule == "id-descending":
        run = one["run"]
    else:
        run = {q: {d: float(len(docs) - i) for i, d in enumerate(docs)} for q in one["run"] for docs in [ordered(one, q, rule)]}
    values = pytrec_eval.RelevanceEvaluator(one["qrels"], MEASURES).evaluate(run) if run else {}
    out = []
    for q in one["qrels"]:
        v = values.get(q)
        first = v["recip_rank"] if v else 0.0
        out.append({
            "hits@1": v["success_1"] if v else 0.0,
            "hits@10": v["success_10"] if v else 0.0,
            "mrr@10": first if first >= 0.1 else 0.0,
            "ndcg@10": v["ndcg_cut_10"] if v else 0.0,
            "recall@10": v["recall_10"] if v else 0.0,
            "recall@50": v["recall_50"] if v else 0.0,
            "map@50": v["map_cut_50"] if v else 0.0,
        })
    return out


def by_ranx(one):
    """Binary and without ties, where ranx' definitions are trec_eval's."""
    qrels = ranx.Qrels({q: {d: int(g > 0) for d, g in judged.items() if g > 0} for q, judged in one["qrels"].items()})
    run = ranx.Run({q: {d: float(len(docs) - i) for i, d in enumerate(docs)} if docs else {"none": 1.0}
                    for q in one["qrels"] for docs in [ordered(one, q, "document-order")]})
    got = ranx.evaluate(qrels, run, ["hit_rate@10", "mrr@10", "recall@10", "map@50"])
    return {"hits@10": float(got["hit_rate@10"]), "mrr@10": float(got["mrr@10"]), "recall@10": float(got["recall@10"]), "map@50": float(got["map@50"])}


def by_sentence_transformers(one):
    """Its own metrics over its own ties: by id, ascending."""
    relevant = {q: {d for d, g in judged.items() if g > 0} for q, judged in one["qrels"].items()}
    evaluator = InformationRetrievalEvaluator(
        {q: q for q in relevant}, {d: d for d in one["ids"]}, relevant,
        mrr_at_k=[10], ndcg_at_k=[10], accuracy_at_k=[1, 10], precision_recall_at_k=[10], map_at_k=[50])
    # Scores that keep the order, since this version breaks ties by place in its list.
    lists = [[{"corpus_id": d, "score": float(-i)} for i, d in enumerate(ordered(one, q, "id-ascending"))] for q in evaluator.queries_ids]
    got = evaluator.compute_metrics(lists)
    return {"hits@1": got["accuracy@k"][1], "hits@10": got["accuracy@k"][10], "mrr@10": got["mrr@k"][10],
            "recall@10": got["recall@k"][10], "queries": evaluator.queries_ids}


made = []
for index in range(40):
    one = case(index)
    made.append({
        "about": one["about"],
        "ids": one["ids"],
        "qrels": [[q, [[d, g] for d, g in judged.items()]] for q, judged in one["qrels"].items()],
        "run": [[q, [[d, repr(s)] for d, s in listed.items()]] for q, listed in one["run"].items()],
        "trec_eval": {rule: trec(one, rule) for rule in RULES},
        "ranx": by_ranx(one),
        "sentence-transformers": by_sentence_transformers(one),
    })


def rounded(value):
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


sys.stdout.write("[\n" + ",\n".join(json.dumps(rounded(one), ensure_ascii=False, separators=(",", ":"), default=float) for one in made) + "\n]\n")
