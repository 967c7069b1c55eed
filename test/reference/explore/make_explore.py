"""Values of SciPy, scikit-learn and NumPy that the lab's explore functions are held to.

python test/reference/explore/make_explore.py  writes explore.json beside this file.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.linalg import orthogonal_procrustes
from scipy.stats import spearmanr
from sklearn.decomposition import PCA

rng = np.random.default_rng(11)


def rounded(values):
    return [round(float(v), 9) for v in np.asarray(values).ravel()]


x = np.round(rng.normal(size=37), 1)
y = np.round(0.6 * x + rng.normal(size=37), 1)

points = rng.normal(size=(23, 5)) * np.array([3.0, 2.0, 1.0, 0.5, 0.2])
pca = PCA(n_components=2).fit(points)
_, singular, right = np.linalg.svd(points, full_matrices=False)

source = rng.normal(size=(9, 2))
angle = 0.7
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
target = 2.5 * source @ turn * np.array([1, -1]) + np.array([4.0, -1.0]) + 0.1 * rng.normal(size=(9, 2))
a = source - source.mean(0)
b = target - target.mean(0)
rotation, scale = orthogonal_procrustes(a, b)
aligned = a @ rotation * (scale / (a**2).sum()) + target.mean(0)

out = {
    "made with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    "spearman": {"x": rounded(x), "y": rounded(y), "rho": float(spearmanr(x, y).statistic)},
    "pca": {
        "points": rounded(points),
        "components": rounded(pca.components_),
        "coordinates": rounded(pca.transform(points)),
        "variances": rounded(pca.explained_variance_),
    },
    "singular": {"directions": rounded(right[:2]), "values": rounded(singular[:2])},
    "procrustes": {"source": rounded(source), "target": rounded(target), "aligned": rounded(aligned)},
}
(pathlib.Path(__file__).parent / "explore.json").write_text(json.dumps(out, indent=1) + "\n")
