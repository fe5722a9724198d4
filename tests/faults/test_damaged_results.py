"""Results files cut short, with bits flipped, or made to harm: refused, whatever HDF5 would do."""

import gzip
import io
import struct
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from sim import hdf5_guard
from sim.faults import InvalidInput
from sim.files import LENGTH, seal
from sim.hdf5_guard import HostileFileError, read_through
from sim.results_file import read
from tests.faults.processes import assert_one_clear_refusal, launch

MANY = 500


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    """Flip a bit, cut the end off, or write over up to 64 bytes, anywhere."""
    changed = bytearray(content)
    place = int(rng.integers(len(changed)))
    match rng.integers(3):
        case 0:
            changed[place] ^= 1 << int(rng.integers(8))
        case 1:
            del changed[place:]
        case _:
            end = min(len(changed), place + int(rng.integers(1, 65)))
            changed[place:end] = bytes(byte ^ 0xA5 for byte in changed[place:end])
    return bytes(changed)


def test_a_flipped_bit_anywhere_is_found(shared_run: Path, tmp_path: Path):
    """Every 64th byte, and every byte of the end that holds the digest: a digest misses none of them."""
    content = (shared_run / "results.nc").read_bytes()
    path = tmp_path / "results.nc"
    places = [*range(0, len(content), 64), *range(len(content) - LENGTH, len(content))]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << (place % 8)
        path.write_bytes(changed)
        with pytest.raises(InvalidInput, match="digest"):
            read(path)


def test_a_file_cut_short_anywhere_is_found(shared_run: Path, tmp_path: Path):
    content = (shared_run / "results.nc").read_bytes()
    path = tmp_path / "results.nc"
    for length in [0, 1, 8, *range(100, len(content), 997), len(content) - LENGTH, len(content) - 1]:
        path.write_bytes(content[:length])
        with pytest.raises(InvalidInput, match="digest at its end"):
            read(path)


def test_what_hdf5_makes_of_damage_never_escapes(shared_run: Path, tmp_path: Path):
    """Damage under a digest that fits, as from somebody who means harm: HDF5 sees it, and no other error."""
    assert_only_refusals(shared_run, tmp_path, 12)


@pytest.mark.slow
def test_what_hdf5_makes_of_much_damage_never_escapes(shared_run: Path, tmp_path: Path):
    assert_only_refusals(shared_run, tmp_path, MANY)


def assert_only_refusals(shared_run: Path, tmp_path: Path, n: int) -> None:
    content = (shared_run / "results.nc").read_bytes()[:-LENGTH]
    rng = np.random.default_rng([6, 22])
    path = tmp_path / "results.nc"
    n_refused = 0
    for _ in range(n):
        path.write_bytes(seal(damaged(content, rng)))
        try:
            read(path)
        except InvalidInput:
            n_refused += 1
    assert n_refused > n / 4


@pytest.mark.parametrize("command", ["reweight", "compare", "decide", "lock"])
def test_every_command_refuses_damaged_results(sim, finished: Path, tmp_path: Path, command: str):
    path = finished / "results.nc"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    more = {
        "reweight": ["--set", "parameters.pay.median=5"],
        "compare": [finished / "scenario.toml"],
        "lock": ["--out", tmp_path / "a.lock"],
    }
    found = sim(command, finished, *more.get(command, []))
    assert found.code == 2 and "digest" in found.err, found.err


def linked_outside(file: h5py.File) -> None:
    file["x"] = h5py.ExternalLink("/etc/hostname", "/")


def linked_softly(file: h5py.File) -> None:
    file["x"] = h5py.SoftLink("/nowhere")


def stored_outside(file: h5py.File) -> None:
    file.create_dataset("x", shape=(8,), dtype="u1", external=[("/etc/hostname", 0, 8)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="f8")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", shape=(4,))
    file.create_virtual_dataset("x", layout)


def references(file: h5py.File) -> None:
    file.create_dataset("x", data=np.array([file.ref], dtype=h5py.ref_dtype))


def attribute_reference(file: h5py.File) -> None:
    file.attrs["x"] = file.ref


def within_itself(file: h5py.File) -> None:
    file["inner"] = file["/"]


def nested(file: h5py.File) -> None:
    file.create_group("/".join("abcdefghijkl"))


def bomb(file: h5py.File) -> None:
    file.create_dataset("x", shape=(2**40,), dtype="f8", chunks=(2**20,), compression="gzip")


def many_names_for_one(file: h5py.File) -> None:
    file.create_dataset("x", shape=(2**26,), dtype="f8", chunks=(2**20,), compression="gzip")
    for place in range(40):
        file[f"x{place}"] = file["x"]


def other_filter(file: h5py.File) -> None:
    file.create_dataset("x", data=np.zeros(9), chunks=(9,), compression="lzf")


def compound(file: h5py.File) -> None:
    file.create_dataset("x", data=np.zeros(3, dtype=[("a", "f8"), ("b", "i4")]))


HOSTILE = {
    linked_outside: "a link of kind ExternalLink",
    linked_softly: "a link of kind SoftLink",
    stored_outside: "in another file",
    virtual: "in another file",
    references: "not numbers or text",
    attribute_reference: "attribute 'x'",
    within_itself: "in a circle",
    nested: "more than 8 deep",
    bomb: "when unpacked",
    many_names_for_one: "when unpacked",
    other_filter: "packed by the filters",
    compound: "not numbers or text",
}


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_hostile_hdf5_is_refused_unread(tmp_path: Path, make: Callable[[h5py.File], None]):
    path = tmp_path / "results.nc"
    with h5py.File(path, "w") as file:
        make(file)
    with pytest.raises(HostileFileError, match=HOSTILE[make]):
        read_through(path, max_bytes=2**32)


def test_hostile_results_are_refused(tmp_path: Path):
    path = tmp_path / "results.nc"
    with h5py.File(path, "w") as file:
        linked_outside(file)
    path.write_bytes(seal(path.read_bytes()))
    with pytest.raises(InvalidInput, match="a link of kind ExternalLink"):
        read(path)


def test_an_endless_loop_in_hdf5_is_ended(shared_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A heap of texts whose first object is free and of size 0: HDF5 steps over it for ever."""
    content = bytearray((shared_run / "results.nc").read_bytes()[:-LENGTH])
    heap = content.index(b"GCOL")
    content[heap + 16 : heap + 32] = bytes(16)
    path = tmp_path / "results.nc"
    path.write_bytes(seal(bytes(content)))
    impatient = tmp_path / "guard.py"
    source = Path(hdf5_guard.__file__).read_text(encoding="utf-8")
    impatient.write_text(source.replace("SECONDS = 60\n", "SECONDS = 4\n"), encoding="utf-8")
    monkeypatch.setattr(hdf5_guard, "__file__", str(impatient))
    with pytest.raises(InvalidInput, match=r"did not come back.*SIGALRM"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\x89HDF\r\n\x1a\n" + b"\0" * 600,
        b"CDF\x01" + b"\xff" * 600,
        gzip.compress(b"0" * 10**6),
        struct.pack("<8sQ", b"\x93NUMPY\x01\x00", 2**62),
        b"\x80\x04cos\nsystem\n.",  # a pickle
    ],
)
def test_what_is_no_netcdf_is_refused_whatever_its_digest(tmp_path: Path, content: bytes):
    path = tmp_path / "results.nc"
    path.write_bytes(seal(content))
    with pytest.raises(InvalidInput, match="cannot be read as NetCDF"):
        read(path)


def test_a_sealed_file_is_netcdf_to_others(shared_run: Path):
    """The digest at the end is no part of the data: xarray reads the file as a path and as a stream."""
    path = shared_run / "results.nc"
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        assert tree["outcomes/total"].shape == (4, 16)
    with h5py.File(io.BytesIO(path.read_bytes()), "r") as file:
        assert file["outcomes/total"].shape == (4, 16)


def test_the_process_ends_in_one_message(finished: Path):
    """In a process of its own, where what h5py prints while it closes would be seen."""
    path = finished / "results.nc"
    path.write_bytes(path.read_bytes()[:-5000])
    assert_one_clear_refusal(launch("decide", finished), "results.nc", "digest")
