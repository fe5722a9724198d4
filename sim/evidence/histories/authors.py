"""Who is one contributor: mail addresses and names joined, automation told apart, and then forgotten.

Authors are joined who share a mail address, or a full name of two words or more. Nothing here is written
anywhere: what leaves is a number for each contributor and whether it is automation.
"""

import re
from collections.abc import Iterable

NO_REPLY = re.compile(r"(?:\d+\+)?(?P<account>[^@]+)@users\.noreply\.github\.com")
SHARED_ADDRESSES = frozenset({"", "none", "none@none", "noreply@github.com", "root@localhost"})
"""Addresses that say nothing of whose they are; the host's own web pages commit under one of them."""
BOT_NAME = re.compile(r"bot$|\[bot\]$|gardener|automation|copybara|-ci$|ci-robot|jenkins", re.IGNORECASE)
BOT_WORD = re.compile(r"\[bot\]|(?:^|[\s_-])(?:ro)?bot(?:$|[\s_-])|-ci(?:$|\s)", re.IGNORECASE)
ROLES = frozenset({"gardener", "automation", "copybara", "jenkins", "copybara-worker", "no-reply-bot"})


class Authors:
    """Numbers for authors as they come, joined into contributors in the end."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._first: dict[str, int] = {}
        self._parents: list[int] = []
        self._automation: list[bool] = []

    def number(self, author: bytes) -> int:
        """Return the number of an author, from 0 in the order in which authors come.

        ``author`` is the mail address and the name, parted by a zero byte, as a commit has them.
        """
        number = self._numbers.get(author)
        if number is None:
            number = self._numbers[author] = len(self._parents)
            address, name = author.decode("utf-8", errors="surrogateescape").split("\0")
            self._parents.append(number)
            self._automation.append(is_automation(address, name))
            for mark in _marks(address, name):
                self._join(number, self._first.setdefault(mark, number))
        return number

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number

    def _join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._parents[high] = low

    def contributors(self) -> tuple[list[int], list[bool]]:
        """Return the contributor behind each author, and whether each contributor is automation.

        Returns
        -------
        list of int
            (author): number of the contributor, from 0.
        list of bool
            (contributor): whether one of its authors is automation by name.
        """
        roots = [self._root(number) for number in range(len(self._parents))]
        places = {root: place for place, root in enumerate(dict.fromkeys(roots))}
        automation = [False] * len(places)
        for root, one in zip(roots, self._automation, strict=True):
            automation[places[root]] |= one
        return [places[root] for root in roots], automation


def _marks(address: str, name: str) -> Iterable[str]:
    """Give what joins an author to others: the address, and the name where it has two words."""
    mail = address.strip().casefold()
    words = name.casefold().split()
    if mail not in SHARED_ADDRESSES:
        yield f"<{mail}>"
    elif len(words) < 2:
        yield " ".join(words)
    if len(words) >= 2:
        yield " ".join(words)


def is_automation(address: str, name: str) -> bool:
    """Return whether an author is a bot, a mirror or a build server, by name or address.

    A name of one word, and the account in a host's address, are told as the survey of 2022 told accounts.
    Names of several words are often people's: there the word itself, as in ``Release Bot``, or an address
    such as ``gardener@`` decides, since people may be called Talbot or Gardener.

    Parameters
    ----------
    address, name
        Of the author.

    Returns
    -------
    bool
        True for a bot.

    Examples
    --------
    >>> [is_automation("", name) for name in ("renew[bot]", "Release Bot", "Anne Talbot", "nightly-ci")]
    [True, True, False, True]
    >>> is_automation("gardener@example.org", "A. Unique Flower")
    True
    """
    local = address.strip().casefold().partition("@")[0]
    account = NO_REPLY.fullmatch(address.strip())
    words = name.split()
    if BOT_WORD.search(name) or (account and BOT_WORD.search(account["account"])):
        return True
    if len(words) == 1 and BOT_NAME.search(words[0]):
        return True
    return local in ROLES and local not in {word.casefold() for word in words}
