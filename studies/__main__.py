"""``python -m studies``: run a command of the studies, as ``python -m sim`` runs one of sim."""

from sim.__main__ import main

if __name__ == "__main__":
    main("studies", "studies.commands")
