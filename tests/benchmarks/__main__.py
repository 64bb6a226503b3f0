"""The speed table: `python -m tests.benchmarks [WORD ...]` prints ours / other, goal, met or not.

A WORD keeps the rows whose names or modules contain it.  One thread throughout.  --cpu counts the
processor's time in place of the clock's, for a machine that others use too.  Rows about quality
print both scores, by how much ours is behind (below 0: ahead), and by how much it may be.

Both sides use what the processor has.  OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE, which tie NumPy to
the kernels of another processor and leave TensorFlow alone, are taken out of the environment; the
first lines say so, and name the kernels that NumPy's OpenBLAS picked then.  (Tied to Haswell's
kernels on a processor with AVX-512, the rows of large matrix products are a third slower.)
"""

import os
import sys
import time

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}

OTHER_PROCESSOR = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
LEFT_OUT = "DLSPEC_BENCHMARKS_LEFT_OUT"


def main(words: list[str]) -> int:
    """Measure and print; the status is 1 when a goal was missed."""
    from tests.benchmarks import (
        boxes,
        cnn,
        cnn_keras,
        command_line,
        nn_basics,
        recurrent,
        translation,
        word_vectors,
    )
    from tests.benchmarks.harness import Missing, Score, measure, processor_time

    modules = (
        command_line,
        nn_basics,
        cnn,
        cnn_keras,
        boxes,
        recurrent,
        word_vectors,
        translation,
    )
    clock = processor_time if "--cpu" in words else time.perf_counter
    words = [word for word in words if word != "--cpu"]
    missed = 0
    if os.environ.get(LEFT_OUT):
        print(f"Measured without {os.environ[LEFT_OUT]}, which tied NumPy to another processor")
    print(f"NumPy multiplies matrices with {_kernels()}")
    print(f"{'measured':30} {'against':24} {'ours':>10} {'other':>10} {'ratio':>7} {'goal':>6}")
    for module in modules:
        for row in module.ROWS:
            if words and not any(w in f"{module.__name__} {row.name} {row.other}" for w in words):
                continue
            try:
                if isinstance(row, Score):
                    ours, other = row.compare()
                    figure, both = other - ours, f"{ours:10.3f} {other:10.3f}"
                else:
                    result = measure(row, clock)
                    figure = result.ratio
                    both = f"{result.ours * 1e3:7.2f} ms {result.other * 1e3:7.2f} ms"
            except Missing as package:
                print(f"{row.name:30} {row.other:24} not measured: {package} is not installed")
                continue
            met = figure <= row.goal
            missed += not met
            verdict = "met" if met else "NOT MET"
            line = f"{row.name:30} {row.other:24} {both} {figure:7.3g} {row.goal:6.3g} {verdict}"
            print(line, flush=True)
    return 1 if missed else 0


def _kernels() -> str:
    import numpy  # noqa: F401  loads its library
    from threadpoolctl import threadpool_info

    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return ", ".join(f"{b['internal_api']}'s {b['architecture']} kernels" for b in blas)


if __name__ == "__main__":
    ties = {name: os.environ[name] for name in OTHER_PROCESSOR if name in os.environ}
    if ties or any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        # The libraries read these once, when they load: begin again with them set.
        environment = {k: v for k, v in os.environ.items() if k not in ties} | ONE_THREAD
        environment[LEFT_OUT] = ", ".join(f"{name}={value}" for name, value in ties.items())
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.benchmarks", *sys.argv[1:]], environment
        )
    sys.exit(main(sys.argv[1:]))
