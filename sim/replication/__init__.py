"""What a replication package needs of a run, and whether another machine agrees with it."""
