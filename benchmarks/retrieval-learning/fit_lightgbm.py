"""Fits LightGBM's LambdaMART with several seeds and writes what it predicts for the test rows as JSON lines: one list a seed.

Called by benchmarks/retrieval-learning.ts with a folder that has rank.train and rank.test, and the seeds.
"""

import json
import sys

import lightgbm
import numpy
from sklearn.datasets import load_svmlight_file


def read(path):
    rows, grades = load_svmlight_file(path, n_features=301, zero_based=True)
    sizes = numpy.loadtxt(path + ".query", dtype=int)
    return rows.toarray(), grades, sizes


folder, *seeds = sys.argv[1:]
rows, grades, sizes = read(folder + "/rank.train")
test, _, _ = read(folder + "/rank.test")
for seed in seeds:
    model = lightgbm.train(
        {
            "objective": "lambdarank",
            "num_leaves": 31,
            "learning_rate": 0.1,
            "min_data_in_leaf": 50,
            "min_sum_hessian_in_leaf": 5.0,
            "bagging_fraction": 0.9,
            "bagging_freq": 1,
            "seed": int(seed),
            "num_threads": 1,
            "deterministic": True,
            "verbosity": -1,
        },
        lightgbm.Dataset(rows, grades, group=sizes),
        num_boost_round=100,
    )
    print(json.dumps(model.predict(test).tolist()))
