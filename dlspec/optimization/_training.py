"""The loop that the `model` functions of this course share: costs printed, Ctrl-C answered."""

from collections.abc import Callable, Iterator
from itertools import islice


def follow(
    steps: Iterator[tuple[dict, float]],
    start: dict,
    count: int,
    print_every: int,
    unit: str = "iteration",
    note: Callable[[int], str] = lambda i: "",
) -> dict:
    """Take `count` steps and return what the last one gave, or `start` if there was none.

    Ctrl-C ends the loop as if the count had been reached.

    Args:
        steps: yields (state, cost); every state is a dictionary of its own.
        start: the state before the first step.
        count: number of steps.
        print_every: print the cost of every such step, the first included, and of the interruption;
            0 prints nothing.
        unit: what a step is called.
        note: what else to print about step i.
    """
    state, done = start, 0
    try:
        for i, (state, cost) in enumerate(islice(steps, count)):
            done = i + 1
            if print_every and i % print_every == 0:
                print(f"Cost after {unit} {i}: {cost:.6f}{note(i)}")
    except KeyboardInterrupt:
        if print_every:
            print(f"Stopped after {done} of {count} {unit}s, with what was learned so far.")
    return state
