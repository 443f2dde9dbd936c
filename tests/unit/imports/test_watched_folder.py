"""A watched folder: which files are complete, and where they are put away."""

import os

from repcrm.imports.arrivals import ArrivalState
from repcrm.imports.watched_folder import FOLDER_OF, complete, look, put_away, read_file


def test_a_file_that_still_grows_is_left_alone(tmp_path):
    still, growing = tmp_path / "still.csv", tmp_path / "growing.csv"
    still.write_text("a"), growing.write_text("a")
    before = look(tmp_path)
    growing.write_text("ab")
    assert complete(before, look(tmp_path)) == [still]
    assert complete({}, look(tmp_path)) == []


def test_folders_hidden_files_links_and_unfinished_downloads_are_no_files(tmp_path):
    (tmp_path / "applied").mkdir()
    for name in (".hidden.csv", "~$open.xlsx", "copying.csv.part", "loading.crdownload"):
        (tmp_path / name).write_text("x")
    (tmp_path / "flow.csv").write_text("x")
    os.symlink(tmp_path / "flow.csv", tmp_path / "link.csv")
    assert [path.name for path in look(tmp_path)] == ["flow.csv"]


def test_a_file_too_large_or_gone_is_not_read(tmp_path):
    file = tmp_path / "flow.csv"
    file.write_bytes(b"abc")
    assert read_file(file, 3) == b"abc"
    assert read_file(file, 2) is None
    assert read_file(tmp_path / "gone.csv", 3) is None


def test_a_file_is_moved_with_its_report_and_one_of_the_same_name_stays(tmp_path):
    for content in ("first", "second", "first"):
        (tmp_path / "flow.csv").write_text(content)
        put_away(tmp_path / "flow.csv", "applied", f"report of the {content}\n")
    place = tmp_path / "applied"
    assert {path.name: path.read_text() for path in place.iterdir()} == {
        "flow.csv": "first", "flow.csv.txt": "report of the first\n",
        "flow (2).csv": "second", "flow (2).csv.txt": "report of the second\n",
    }  # fmt: skip
    assert look(tmp_path) == {}


def test_a_file_that_another_process_has_moved_is_no_mistake(tmp_path):
    assert put_away(tmp_path / "flow.csv", "applied", "report\n") is None


def test_every_settled_state_has_a_folder():
    assert set(ArrivalState) - FOLDER_OF.keys() == {ArrivalState.READING}
