"""``python -m tests.conformance``: rewrite docs/conformance.md."""

from tests.conformance.document import write

if __name__ == "__main__":
    print(f"written: {write()}")
