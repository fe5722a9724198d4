"""Automation accounts, told from people by their name."""

import re

AUTOMATION = re.compile(
    r"bot$|\[bot\]|gardener|automation|copybara|-ci$|ci-robot|jenkins",
    re.IGNORECASE,
)


def is_automation(contributor: str) -> bool:
    """Return whether an account's name is that of a bot, a mirror or a build server.

    A name pattern can err both ways: a person may be called so, and a script may commit under a person's
    name. Both readings, with and without, are therefore kept.

    Examples
    --------
    >>> [is_automation(name) for name in ("some-tool-gardener", "renew[bot]", "Nightly-CI", "botanist")]
    [True, True, True, False]
    """
    return AUTOMATION.search(contributor) is not None
