"""Generated histories give the counts they were made with, whatever is odd in them.

Every expected value is known by construction: so many commits, of so many lines, by so many people.
"""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from sim.evidence.contributions import Contribution, LineCount
from sim.evidence.histories.git_log import Clone
from sim.evidence.histories.history import Authors, History, days, is_automation, read_history
from sim.faults import InvalidInput
from tests.evidence.histories.generated import Made, git, lines, make

TODAY = date(2024, 1, 1)
ADA, BEN = "Ada Lovelace <ada@example.org>", "Ben Nevis <ben@example.org>"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sim.evidence.histories.history.today", lambda: TODAY)


def read(folder: Path) -> History:
    return read_history(Clone(folder))


def whole(history: History) -> tuple[Contribution, ...]:
    return history.between(history.first, history.last)


def one(commits: int, added: int, deleted: int, automation: bool = False) -> Contribution:
    count = LineCount(added, deleted)
    return Contribution(commits, count, count, automation)


@pytest.mark.parametrize("bare", [True, False])
def test_two_people_and_their_lines(tmp_path: Path, bare: bool):
    folder = make(
        tmp_path / "r",
        [
            Made("2020-01-01", ADA, {"a": lines(10)}),
            Made("2020-01-02", BEN, {"a": lines(7), "b": lines(5)}),
            Made("2020-01-02", ADA, {"b": None}),
        ],
        bare,
    )
    history = read(folder)
    assert (history.first, history.last, len(history.day)) == (date(2020, 1, 1), date(2020, 1, 2), 3)
    assert whole(history) == (one(2, 10, 5), one(1, 5, 3))
    assert history.between(date(2020, 1, 2), date(2020, 1, 2)) == (one(1, 0, 5), one(1, 5, 3))
    assert history.between(date(2020, 1, 3), date(2020, 2, 2)) == ()


def test_one_person_under_two_addresses_and_two_names(tmp_path: Path):
    # the address joins the first two, the full name the third, the mailmap the fourth; one word joins nobody
    folder = make(
        tmp_path / "r",
        [
            Made("2020-01-01", ADA, {".mailmap": b"Ada Lovelace <ada@example.org> <old@example.org>\n"}),
            Made("2020-01-01", "countess <ADA@example.org>", {"a": lines(1)}),
            Made("2020-01-01", "ada  lovelace <other@example.org>", {"a": lines(2)}),
            Made("2020-01-01", "augusta <old@example.org>", {"a": lines(3)}),
            Made("2020-01-01", "countess <countess@example.com>", {"a": lines(4)}),
        ],
    )
    assert [person.commits for person in whole(read(folder))] == [4, 1]


def test_an_address_that_many_share_joins_nobody(tmp_path: Path):
    shared = "noreply@github.com"
    folder = make(
        tmp_path / "r",
        [Made("2020-01-01", f"{name} <{shared}>", {name: lines(1)}) for name in ("Ada B", "Ben C", "solo")],
    )
    assert [person.commits for person in whole(read(folder))] == [1, 1, 1]


def test_merges_are_left_out_and_what_they_merge_is_counted_once(tmp_path: Path):
    # 1 - 2 - 4 (merge of 2 and 3), then an octopus of three branches; the merge itself changes a file too
    folder = make(
        tmp_path / "r",
        [
            Made("2020-01-01", ADA, {"a": lines(1)}),
            Made("2020-01-02", ADA, {"b": lines(2)}),
            Made("2020-01-02", BEN, {"c": lines(3)}, parents=(1,)),
            Made("2020-01-03", ADA, {"c": lines(3), "d": lines(50)}, parents=(2, 3)),
            Made("2020-01-04", BEN, {"e": lines(4)}, parents=(4,)),
            Made("2020-01-04", BEN, {"f": lines(5)}, parents=(4,)),
            Made("2020-01-05", ADA, {"e": lines(4), "f": lines(5)}, parents=(4, 5, 6)),
        ],
    )
    assert whole(read(folder)) == (one(2, 3, 0), one(3, 12, 0))


def test_renames_binaries_empty_commits_and_submodules(tmp_path: Path):
    folder = make(
        tmp_path / "r",
        [
            Made("2020-01-01", ADA, {"a": lines(10)}),
            Made("2020-01-02", ADA, {"a": None, "moved": lines(10)}),  # not followed: 10 added, 10 deleted
            Made("2020-01-03", ADA, {"image": b"\0\1\2\n" * 100}),  # binary: no lines
            Made("2020-01-04", ADA),  # empty: a commit without a line
            Made("2020-01-05", ADA, {"sub": "1" * 40}),  # a submodule is one line to git
        ],
    )
    assert whole(read(folder)) == (one(5, 21, 10),)


def test_attributes_and_settings_of_a_clone_change_nothing(tmp_path: Path):
    commits = [
        Made("2020-01-01", ADA, {".gitattributes": b"*.txt -diff\n*.md diff=odd\n", "a.txt": lines(10)}),
        Made("2020-01-02", ADA, {"b.md": lines(3)}),
    ]
    bare, worked = make(tmp_path / "bare", commits), make(tmp_path / "worked", commits, bare=False)
    ran = tmp_path / "ran"
    for folder in (bare, worked):
        for key, value in (("diff.odd.textconv", f"touch {ran};cat"), ("diff.external", f"touch {ran}")):
            git(folder, "config", key, value)
        git(folder, "config", "log.showSignature", "true")
        git(folder, "config", "diff.renames", "copies")
    assert whole(read(bare)) == whole(read(worked)) == (one(2, 15, 0),)
    assert not ran.exists()


def test_the_authors_day_is_in_utc(tmp_path: Path):
    # fast-import takes seconds in UTC; the zone beside them is how the author's clock showed them
    folder = make(
        tmp_path / "r",
        [
            Made("2020-01-01T23:59:59", ADA, {"a": lines(1)}, zone="+0530"),
            Made("2020-01-02T00:00:00", BEN, {"b": lines(1)}, zone="-1100"),
        ],
    )
    history = read(folder)
    assert len(history.between(date(2020, 1, 1), date(2020, 1, 1))) == 1
    assert len(history.between(date(2020, 1, 2), date(2020, 1, 2))) == 1


def test_dates_that_cannot_be(tmp_path: Path):
    folder = make(
        tmp_path / "r",
        [
            Made("1970-01-01", ADA, {"a": lines(1)}, committed="2020-01-01"),  # on the committer's day
            Made("2090-01-01", ADA, {"b": lines(2)}, committed="2020-01-03"),
            Made("1970-01-01", ADA, {"c": lines(4)}),  # in no period
            Made("2090-01-01", ADA, {"d": lines(8)}),
            Made("2020-01-02", BEN, {"e": lines(16)}),
        ],
    )
    history = read(folder)
    assert (history.first, history.last, history.n_undated) == (date(2020, 1, 1), date(2020, 1, 3), 2)
    assert whole(history) == (one(2, 3, 0), one(1, 16, 0))


def test_names_in_other_encodings(tmp_path: Path):
    odd = "Jürgen Größe".encode("latin-1") + b" <j@example.org>"
    folder = make(
        tmp_path / "r",
        [
            Made("2020-01-01", odd, {"a": lines(1)}),
            Made("2020-01-02", "李 明 <j@example.org>", {"b": lines(1)}),
        ],
    )
    assert whole(read(folder)) == (one(2, 2, 0),)


def test_what_the_clone_lacks_is_counted_and_commits_are_kept(tmp_path: Path):
    content = {f"f{place}": lines(place + 1, f"w{place}") for place in range(6)}
    folder = make(
        tmp_path / "r",
        [Made(f"2020-01-{day + 1:02}", ADA, {name: text}) for day, (name, text) in enumerate(content.items())]
        + [Made("2020-01-10", BEN, {"f2": lines(9), "g h": lines(20), "x": b"\0"})],
    )
    assert sum(person.lines.added for person in whole(read(folder))) == 21 + 9 + 20
    loose = _unpacked(folder)
    for name in ("f2", "f4"):  # of 3 and of 5 lines
        _blob(loose, git(folder, "rev-parse", f"main~1:{name}").decode().strip()).unlink()
    history = read(folder)
    assert (history.n_unreadable_commits, history.n_unreadable_files) == (3, 3)
    assert whole(history) == (one(6, 21 - 3 - 5, 0), one(1, 20, 0))


@pytest.mark.parametrize("lacking", [False, True])
def test_lines_of_some_days_alone(tmp_path: Path, lacking: bool):
    # a line more each day, by two people in turn; the lines of the third to the sixth day are wanted
    folder = make(
        tmp_path / "r",
        [
            Made(f"2020-01-{day:02}", (ADA, BEN)[day % 2], {f"f{day}": lines(day, f"w{day}")})
            for day in range(1, 9)
        ],
    )
    if lacking:
        _blob(_unpacked(folder), git(folder, "rev-parse", "main:f5").decode().strip()).unlink()
    wanted = range(days(date(2020, 1, 3)), days(date(2020, 1, 7)))
    some, every = read_history(Clone(folder), wanted), read(folder)
    assert some.day.tolist() == every.day.tolist()
    assert some.contributor.tolist() == every.contributor.tolist()
    assert some.added.tolist() == [0, 0, 3, 4, 0 if lacking else 5, 6, 0, 0]
    assert some.n_unreadable_files == lacking
    span = date(2020, 1, 3), date(2020, 1, 6)
    assert some.between(*span) == every.between(*span)


def _unpacked(folder: Path) -> Path:
    """Return the folder of loose objects, after packs have been taken apart."""
    for pack in list((folder / "objects/pack").iterdir()):
        aside = folder / pack.name
        pack.rename(aside)
        if aside.suffix == ".pack":
            git(folder, "unpack-objects", "-q", stdin=aside.read_bytes())
    return folder / "objects"


def _blob(objects: Path, key: str) -> Path:
    return objects / key[:2] / key[2:]


def test_a_missing_tree_is_one_unreadable_change_and_a_missing_commit_a_cut_history(tmp_path: Path):
    folder = make(
        tmp_path / "r",
        [Made("2020-01-01", ADA, {"a": lines(1)}), Made("2020-01-02", BEN, {"d/b": lines(2)})],
    )
    loose = _unpacked(folder)
    _blob(loose, git(folder, "rev-parse", "main:d").decode().strip()).unlink()
    history = read(folder)
    assert whole(history) == (one(1, 1, 0), one(1, 0, 0))
    assert history.n_unreadable_commits == 1
    _blob(loose, git(folder, "rev-parse", "main~1").decode().strip()).unlink()
    with pytest.raises(InvalidInput, match="its history is cut"):
        read(folder)


def test_automation_is_told_apart_from_people_of_such_names():
    yes = [
        ("49699333+dependabot[bot]@users.noreply.github.com", "dependabot[bot]"),
        ("x@example.org", "k8s-ci-robot"),
        ("x@example.org", "Release Bot"),
        ("gardener@tensorflow.org", "A. Unique TensorFlower"),
        ("x@example.org", "pytorchbot"),
        ("x@example.org", "onnx-ci"),
        ("123+greenkeeper[bot]@users.noreply.github.com", "Greenkeeper"),
    ]
    no = [
        ("anne@talbot.org", "Anne Talbot"),
        ("gardener@example.org", "Ava Gardener"),
        ("x@example.org", "Botond Szabo"),
        ("jane@jenkins.name", "Jane Jenkins"),
        ("abbott@example.org", "abbott"),
    ]
    assert [pair for pair in yes + no if is_automation(*pair)] == yes


def test_a_contributor_is_automation_if_one_of_the_names_is():
    authors = Authors()
    numbers = [
        authors.number(f"ci@example.org\0{name}".encode())
        for name in ("renovate[bot]", "Renovate", "renovate[bot]")
    ]
    assert (numbers, *authors.contributors()) == ([0, 1, 0], [0, 0], [True])


def test_the_hundred_most_active(tmp_path: Path):
    commits = [
        Made("2020-01-01", f"P{who} Q{who} <{who}@example.org>", {"a": lines(1, f"{who} {turn}")})
        for who in range(102)
        for turn in range(1 + (who < 100))
    ]
    history = read(make(tmp_path / "r", commits))
    listed = history.most_active(date(2020, 1, 1))
    assert listed.sum() == 100
    assert len(history.between(history.first, history.last, listed)) == 100
    assert not history.most_active(date(2019, 1, 1)).any()


def test_no_name_leaves(tmp_path: Path):
    history = read(make(tmp_path / "r", [Made("2020-01-01", ADA, {"a": lines(1)})]))
    assert not any(word in repr(vars(history)).lower() for word in ("lovelace", "example"))


@pytest.mark.parametrize(
    ("kind", "problem", "allowed"),
    [
        ("missing", "no such folder", "a clone"),
        ("plain", "is no git repository", "a clone"),
        ("empty", "has no commit", "history of one or more"),
        ("shallow", "is a shallow clone: its history is cut", "fetch --unshallow"),
        ("undated", "has no commit with a date that can be", "1980"),
    ],
)
def test_clones_that_cannot_be_read(tmp_path: Path, kind: str, problem: str, allowed: str):
    folder = tmp_path / kind
    if kind == "plain":
        (folder / "inner").mkdir(parents=True)
        git(tmp_path, "init", "--quiet")  # a repository around it is not it
    elif kind == "empty":
        folder.mkdir()
        git(folder, "init", "--quiet", "--bare")
    elif kind == "shallow":
        origin = make(tmp_path / "o", [Made("2020-01-01", files={"a": lines(n)}) for n in (1, 2, 3)])
        command = ["git", "clone", "--quiet", "--bare", "--depth=1", f"file://{origin}", str(folder)]
        subprocess.run(command, check=True)
    elif kind == "undated":
        make(folder, [Made("1970-01-01", files={"a": lines(1)})])
    with pytest.raises(InvalidInput) as caught:
        read(folder)
    (fault,) = caught.value.faults
    assert fault.file == str(folder)
    assert fault.problem == problem
    assert allowed in fault.allowed


def test_without_git_or_with_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from sim.evidence.histories.git_log import git_version

    git_version.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InvalidInput, match="no such program on the PATH"):
        git_version()
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.11.0\n")
    old.chmod(0o755)
    with pytest.raises(InvalidInput, match=r"is git version 2\.11\.0\n.*2\.31 or later"):
        git_version()
    git_version.cache_clear()
