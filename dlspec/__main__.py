"""`python -m dlspec` is the `dlspec` command."""

from dlspec.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
