""".npz files from anywhere: what is sound is read, what is not is one clear error."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handwrite_gui.engine.errors import DatasetError, InputFileError, ModelFileError
from handwrite_gui.engine.npz_container import open_npz, write_npz

ARRAYS = {
    "numbers": np.arange(12, dtype=np.float32).reshape(3, 4),
    "text": np.array(["a", "é"]),
    "single": np.array("{}"),
    "empty": np.zeros((0, 3), np.int64),
    "columns": np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3)),
    "flags": np.array([True, False]),
}


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(ModelFileError) as caught:
        open_npz(path, **options)
    assert caught.value.path == path
    assert "\n" not in caught.value.reason
    return caught.value.reason


def zip_with(path: Path, members: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    return stream.getvalue()


def npy_claiming(shape: tuple[int, ...], descr: str = "<f4", data: bytes = b"1234") -> bytes:
    stream = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue() + data


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", ARRAYS)
    arrays = open_npz(tmp_path / "a.npz")
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype


@given(
    array=hnp.arrays(
        st.sampled_from(["<f4", ">f8", "<i8", "|u1", "<f2", "|b1"]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_plain_array_survives(array: np.ndarray, tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", {"x": array})
    result = open_npz(tmp_path / "a.npz")["x"]
    assert result.shape == array.shape
    np.testing.assert_array_equal(result, array)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_numpys_files_are_read_and_numpy_reads_ours(save, tmp_path: Path) -> None:
    save(tmp_path / "numpy.npz", **ARRAYS)
    arrays = open_npz(tmp_path / "numpy.npz")
    write_npz(tmp_path / "ours.npz", ARRAYS)
    with np.load(tmp_path / "ours.npz") as theirs:
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(arrays[name], array)
            np.testing.assert_array_equal(theirs[name], array)


def test_only_the_names_asked_for_are_read(tmp_path: Path) -> None:
    members = {"wanted.npy": npy(np.ones(3)), "broken.npy": b"no array"}
    path = zip_with(tmp_path / "a.npz", members)
    assert list(open_npz(path, names=["wanted", "absent"])) == ["wanted"]
    assert "broken" in refusal(path)


def test_the_caller_chooses_the_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        open_npz(tmp_path / "absent.npz", error=DatasetError)
    with pytest.raises(DatasetError):
        write_npz(tmp_path / "no" / "folder.npz", ARRAYS, error=DatasetError)


class TestRefusals:
    def test_no_file_a_folder_an_empty_file_and_text(self, tmp_path: Path) -> None:
        assert "no such file" in refusal(tmp_path / "absent.npz")
        assert "folder" in refusal(tmp_path)
        (tmp_path / "empty.npz").touch()
        assert "empty" in refusal(tmp_path / "empty.npz")
        (tmp_path / "text.npz").write_text("Dear reader, " * 100)
        assert "not an .npz file" in refusal(tmp_path / "text.npz")

    def test_an_ordinary_zip(self, tmp_path: Path) -> None:
        path = zip_with(tmp_path / "a.npz", {"letter.txt": b"hello"})
        reason = refusal(path)
        assert "letter.txt" in reason
        assert "ordinary zip" in reason

    def test_a_zip_of_things_that_only_claim_to_be_arrays(self, tmp_path: Path) -> None:
        path = zip_with(tmp_path / "a.npz", {"x.npy": b"hello"})
        assert "“x” is not a NumPy array" in refusal(path)

    def test_a_pickle_is_named_and_never_run(self, tmp_path: Path) -> None:
        witness = tmp_path / "witness"

        class Attack:
            def __reduce__(self) -> tuple:
                return os.mkdir, (str(witness),)

        array = np.array([Attack()], dtype=object)
        np.savez(tmp_path / "a.npz", x=array)
        assert "pickle" in refusal(tmp_path / "a.npz")
        bare = zip_with(tmp_path / "b.npz", {"x.npy": pickle.dumps(Attack())})
        assert "not a NumPy array" in refusal(bare)
        assert not witness.exists()

    @pytest.mark.parametrize("dtype", ["c8", "M8[s]", "S3", [("a", "f4")]])
    def test_types_that_are_neither_numbers_nor_text(self, dtype, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=np.zeros(2, dtype))
        assert "must hold numbers or text" in refusal(tmp_path / "a.npz")

    def test_more_than_the_caller_wants_to_hold(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=np.zeros(2_000_000, np.uint8))
        assert "at most 1 MB" in refusal(tmp_path / "a.npz", max_bytes=1 << 20)
        assert open_npz(tmp_path / "a.npz", max_bytes=1 << 20, names=[]) == {}

    def test_a_zip_bomb_before_it_unpacks(self, tmp_path: Path) -> None:
        np.savez_compressed(tmp_path / "a.npz", x=np.zeros(50_000_000, np.uint8))
        assert (tmp_path / "a.npz").stat().st_size < 100_000
        assert "refused" in refusal(tmp_path / "a.npz")

    def test_a_zip_bomb_that_lies_about_its_size(self, tmp_path: Path) -> None:
        content = npy_claiming((1_000_000,), "|u1", data=bytes(100_000_000))
        path = zip_with(tmp_path / "a.npz", {"x.npy": content}, compression=zipfile.ZIP_DEFLATED)
        true_size = struct.pack("<I", len(content))
        claimed_size = struct.pack("<I", len(content) - 99_000_000)
        path.write_bytes(path.read_bytes().replace(true_size, claimed_size))
        tracemalloc.start()
        try:
            assert "damaged" in refusal(path)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_a_compression_that_npz_files_never_have(self, tmp_path: Path) -> None:
        members = {"x.npy": npy(np.ones(1))}
        path = zip_with(tmp_path / "a.npz", members, compression=zipfile.ZIP_LZMA)
        assert "compressed as .npz files never are" in refusal(path)

    def test_small_arrays_may_be_as_compressible_as_they_like(self, tmp_path: Path) -> None:
        labels = np.zeros(1_000_000, np.int64)
        np.savez_compressed(tmp_path / "a.npz", labels=labels)
        np.testing.assert_array_equal(open_npz(tmp_path / "a.npz")["labels"], labels)

    @pytest.mark.parametrize(
        "shape",
        [(2**40,), (2**62, 4), (-1,), (2, 3), (0,)],
        ids=["large", "overflow", "-1", "6", "0"],
    )
    def test_a_header_that_claims_another_size_than_there_is(
        self, shape: tuple[int, ...], tmp_path: Path
    ) -> None:
        path = zip_with(tmp_path / "a.npz", {"x.npy": npy_claiming(shape)})
        assert "x" in refusal(path)

    @pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
    def test_a_file_that_is_cut_off(self, kept: float, tmp_path: Path) -> None:
        write_npz(tmp_path / "a.npz", ARRAYS)
        whole = (tmp_path / "a.npz").read_bytes()
        (tmp_path / "a.npz").write_bytes(whole[: int(len(whole) * kept)])
        assert "cut off" in refusal(tmp_path / "a.npz")

    def test_a_flipped_bit_in_the_data(self, tmp_path: Path) -> None:
        write_npz(tmp_path / "a.npz", {"x": np.zeros(1000, np.float32)})
        data = bytearray((tmp_path / "a.npz").read_bytes())
        data[2000] ^= 1
        (tmp_path / "a.npz").write_bytes(data)
        assert "damaged" in refusal(tmp_path / "a.npz")

    def test_a_name_that_is_there_twice(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
            archive.writestr("x.npy", npy(np.ones(1)))
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("x.npy", npy(np.zeros(1)))
        assert "twice" in refusal(tmp_path / "a.npz")

    def test_a_password(self, tmp_path: Path) -> None:
        path = zip_with(tmp_path / "a.npz", {"x.npy": npy(np.ones(1))})
        data = bytearray(path.read_bytes())
        flags = data.rindex(b"PK\x01\x02") + 8
        struct.pack_into("<H", data, flags, 1)
        path.write_bytes(data)
        assert "password" in refusal(path)

    def test_thousands_of_members(self, tmp_path: Path) -> None:
        members = {f"{n}.npy": b"" for n in range(10_001)}
        assert "10001 files" in refusal(zip_with(tmp_path / "a.npz", members))

    @given(data=st.data())
    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_damage_whatever_gives_another_error(
        self, data: st.DataObject, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.npz"
        write_npz(path, ARRAYS)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        with contextlib.suppress(InputFileError):
            open_npz(path)


class TestWriting:
    def test_the_same_arrays_give_the_same_bytes(self, tmp_path: Path) -> None:
        write_npz(tmp_path / "a.npz", ARRAYS)
        write_npz(tmp_path / "b.npz", ARRAYS)
        assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()

    def test_an_older_file_is_replaced_and_nothing_is_left_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        path.write_text("old")
        write_npz(path, ARRAYS)
        assert list(open_npz(path)) == list(ARRAYS)
        assert list(tmp_path.iterdir()) == [path]

    def test_when_it_fails_the_older_file_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "a.npz"
        path.write_text("old")
        with pytest.raises(ValueError, match="Object arrays"):
            write_npz(path, {"x": np.ones(3), "y": np.array([object()])})
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_full_disk_is_one_clear_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        path = tmp_path / "a.npz"
        path.write_text("old")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(ModelFileError, match="No space left on device"):
            write_npz(path, ARRAYS)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="cannot be written"):
            write_npz(tmp_path / "no" / "folder.npz", ARRAYS)
