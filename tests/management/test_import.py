"""`manage.py import` says what became of each row."""

import csv
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.builders import AT, BY, an_actor
from tracker import log
from tracker.domain.parties import Name
from tracker.operations import actors

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"


@pytest.fixture(autouse=True)
def states():
    named = {"CHN": ("China", "PRC"), "KAZ": ("Kazakhstan",), "RUS": ("Russia",)}
    for code, (name, *aliases) in named.items():
        actor = an_actor(code, names=(Name(text=name),), aliases=tuple(aliases))
        actors.describe_actor(actor, at=AT, by=BY)


@pytest.fixture
def files(tmp_path):
    for name in ("steppe.csv", "steppe.toml"):
        shutil.copy(SAMPLES / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def run(files, capsys):
    def take(*options: str, file: str = "steppe.csv") -> list[str]:
        call_command("import", str(files / file), "--mapping", str(files / "steppe.toml"), *options)
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return take


def rejected(files) -> list[dict[str, str]]:
    with (files / "steppe.csv.rejected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spoil(files, old: str, new: str, *, file: str = "steppe.csv") -> None:
    text = (files / file).read_text(encoding="utf-8")
    assert old in text
    (files / file).write_text(text.replace(old, new), encoding="utf-8")


class TestImport:
    def test_says_what_it_added_and_then_that_nothing_is_to_add(self, run):
        first, position, second = run(), log.head().position, run()

        assert first[-1] == "import: added 9 claims"
        assert second[-1] == "import: nothing was added"
        assert {tuple(line.split()) for line in second} >= {("9", "known"), ("0", "new")}
        assert log.head().position == position

    def test_signs_with_a_name_of_its_own_or_with_the_one_that_is_given(self, run):
        run("--by", "ann")

        assert log.at(log.head().position).recorded_by == "ann"

    def test_writes_what_is_refused_beside_the_file(self, run, files):
        spoil(files, "1,2022-01-06,Russia", "1,2022-01-06,Rusia")
        spoil(files, "PRC,Kazakhstan", "PRC,Kazakhstan,x")

        said = run()

        first, second = rejected(files)
        assert (first["line"], first["column"], first["value"]) == ("2", "Who", "Rusia")
        assert first["reason"].startswith("no actor on record is called 'Rusia'; nearest: Russia")
        assert (second["line"], second["column"]) == ("10", "")
        assert said[-1] == "import: added 7 claims"
        assert any("refused: Who: no actor on record is called 'Rusia'" in line for line in said)
        assert any("the refused rows stand in" in line for line in said)

    def test_takes_the_refused_of_an_earlier_run_away(self, run, files):
        (files / "steppe.csv.rejected.csv").write_text("old")

        run()

        assert not (files / "steppe.csv.rejected.csv").exists()

    def test_prints_cells_as_they_stand(self, run, files):
        spoil(files, ",visit,", ",[red]visit,")

        said = run()

        assert any("refused: Category: fits no rule in [[codes]]" in line for line in said)

    def test_names_ten_reasons_and_counts_the_others(self, run, files):
        rows = [f"{n},2022-01-06,Nobody {n},,x,visit,,A,,T,2022-01-07" for n in range(50, 62)]
        with (files / "steppe.csv").open("a", encoding="utf-8") as file:
            file.write("\n".join(rows))

        assert any(line == "and 2 other reasons" for line in run())

    def test_writes_nothing_on_a_dry_run(self, run):
        position = log.head().position

        said = run("--dry-run")

        assert said[-1] == "import: nothing is written; 9 claims would be added"
        assert log.head().position == position

    @pytest.mark.parametrize(
        ("file", "old", "new", "says"),
        [
            ("steppe.csv", "Category", "Kind", "there is no column 'Category'"),
            ("steppe.toml", "kind =", "kinds =", "claim.kinds: is no key here; did you mean kind?"),
            ("steppe.toml", '"steppe-sample"', '"A sample"', "/name: must look like"),
        ],
    )
    def test_refuses_a_wrong_file_whole(self, run, files, file, old, new, says):
        spoil(files, old, new, file=file)
        position = log.head().position

        with pytest.raises(CommandError, match=f"nothing is imported: .*{says}"):
            run()
        assert log.head().position == position

    def test_names_a_file_that_is_not_there(self, run):
        with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
            run(file="nowhere.csv")

    def test_names_a_mapping_that_is_no_utf_8(self, run, files):
        (files / "steppe.toml").write_bytes(b"# T\xfcrkei\n")

        with pytest.raises(CommandError, match=r"steppe\.toml is not UTF-8"):
            run()

    def test_says_so_where_the_refused_cannot_be_written(self, run, files):
        spoil(files, "1,2022-01-06,Russia", "1,2022-01-06,Rusia")
        (files / "steppe.csv.rejected.csv").mkdir()

        assert any("the refused rows could not be written to" in line for line in run())
