"""``python -m sim``: run a command, and say what is wrong without a traceback."""

import os
import signal
import sys

BAD_INPUT = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command line; bad input ends with exit code 2 and one message for each fault."""
    from sim.faults import InvalidInputError

    try:
        from sim.cli.app import app  # inside: an interruption while it loads is one like any other

        app(prog_name="sim")
    except InvalidInputError as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output is gone; keep the interpreter from complaining while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do is to leave


if __name__ == "__main__":
    main()
