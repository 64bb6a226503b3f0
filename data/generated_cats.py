"""Make data/generated_cats.h5, the generated stand-in for the course's cat photos.

    python data/generated_cats.py

The file has the layout of the course's two files in one: 209 training and 50 test pictures of
64 x 64 pixels, uint8, half of them cats, and the names of the two classes. The pictures are
`dlspec.datasets.generated_cats.make_cats()`; running this again gives the same file.
"""

import os
import sys
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # a checkout need not be installed to make its data

from dlspec.datasets.generated_cats import make_cats  # noqa: E402

TARGET = HERE / "generated_cats.h5"
PICTURES_PER_CHUNK = 16


def write_cats(target: Path) -> None:
    """Write the default set to `target`, or leave what is there untouched."""
    train_x, train_y, test_x, test_y = make_cats()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with h5py.File(temporary, "w", track_order=False) as file:
            for part, x, y in (("train", train_x, train_y), ("test", test_x, test_y)):
                # One channel per chunk: like neighbours make 64 x 64 planes compress better.
                chunks = (min(PICTURES_PER_CHUNK, len(x)), *x.shape[1:3], 1)
                options = {"compression": "gzip", "compression_opts": 9, "shuffle": True}
                file.create_dataset(f"{part}_set_x", data=x, chunks=chunks, **options)
                file.create_dataset(f"{part}_set_y", data=y[0])
            file.create_dataset("list_classes", data=np.array([b"non-cat", b"cat"]))
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def main() -> None:
    """Write the file beside this script and say how large it is."""
    write_cats(TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
