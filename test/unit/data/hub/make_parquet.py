"""Writes train.parquet, triplets in several row groups as the hub's `datasets` library writes them, and
zstd.parquet, the same with other compression, pages and a page index.

    pip install pyarrow && python3 test/unit/data/hub/make_parquet.py
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

rows = range(25)
table = pa.table(
    {
        "query": [f"query {n}" for n in rows],
        "positive": [f" a passage of query {n}, größer" for n in rows],
        "negative": [f"a passage of no query {n}" for n in rows],
    }
)
path = pathlib.Path(__file__).with_name("train.parquet")
pq.write_table(table, path, compression="snappy", row_group_size=10)
pq.write_table(
    table,
    path.with_name("zstd.parquet"),
    compression="zstd",
    row_group_size=10,
    data_page_version="2.0",
    write_page_index=True,
)
