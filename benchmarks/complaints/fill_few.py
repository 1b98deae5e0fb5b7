"""The same city with twenty thousand requests, for figures without a size in their name."""

from benchmarks.complaints.fill import main

if __name__ == "__main__":
    main(20_000)
