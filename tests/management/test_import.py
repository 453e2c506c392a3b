"""`manage.py import` says what became of each row, and `withdraw-import` takes it back."""

import csv
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command, execute_from_command_line

from tests.kit.builders import AT, BY, a_desk, an_actor
from tests.kit.imports import archive, days
from tracker import log
from tracker.domain.records import Name
from tracker.imports import queries, writer
from tracker.operations import actors, claims
from tracker.queries.scores.lenses import latest

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


@pytest.fixture
def busy(monkeypatch):
    """Another writer holds the log in the meantime."""

    def hold(*_, **__):
        raise log.LogBusy("another writer holds the log")

    @contextmanager
    def held():
        with monkeypatch.context() as patched:
            patched.setattr(writer, "PATIENCE_SECONDS", 0)
            patched.setattr(log, "append_bulk", hold)
            yield

    return held


def rejected(files) -> list[dict[str, str]]:
    with (files / "steppe.csv.rejected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spoil(files, old: str, new: str, *, file: str = "steppe.csv") -> None:
    text = (files / file).read_text(encoding="utf-8")
    assert old in text
    (files / file).write_text(text.replace(old, new), encoding="utf-8")


class TestATableOfOfficeHolders:
    TABLE = "name,country,sector,from,to\nJo Doe,KAZ,government,2010-05-01,{}\n"

    @pytest.fixture
    def take(self, tmp_path, capsys):
        def take(*options: str, until: str = "") -> str:
            file = tmp_path / "offices.csv"
            file.write_text(self.TABLE.format(until))
            call_command("import", str(file), *options)
            return capsys.readouterr().out.splitlines()[-1]

        return take

    def test_says_how_many_terms_it_added_or_corrected(self, take):
        dry = take("--dry-run")
        assert dry == "import: dry run, nothing was written; 1 term would be added"
        assert take() == "import: added 1 term"
        assert take(until="2014-03-02") == "import: nothing was added"
        assert take("--apply-changes", until="2014-03-02") == "import: corrected 1 term"


class TestImport:
    def test_says_what_it_added_and_then_that_nothing_is_to_add(self, run):
        first, position, second = run(), log.head().position, run()

        assert first[0].startswith("steppe.csv: generic, a table with a mapping; 9 rows")
        assert first[-1] == "import: added 9 claims"
        assert "`manage.py withdraw-import" in first[-2]
        assert second[-1] == "import: nothing was added"
        assert {tuple(line.split()) for line in second} >= {("9", "known"), ("0", "new")}
        assert log.head().position == position

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
        assert any("the refused rows are in" in line for line in said)

    def test_prints_cells_as_they_stand(self, run, files):
        spoil(files, ",visit,", ",[red]visit,")

        said = run()

        assert any("refused: Category: matches no rule in [[codes]]" in line for line in said)

    def test_names_ten_reasons_and_counts_the_others(self, run, files):
        rows = [f"{n},2022-01-06,Nobody {n},,x,visit,,A,,T,2022-01-07" for n in range(50, 62)]
        with (files / "steppe.csv").open("a", encoding="utf-8") as file:
            file.write("\n".join(rows))

        assert any(line == "and 2 other reasons" for line in run())

    def test_writes_nothing_on_a_dry_run(self, run):
        position = log.head().position

        said = run("--dry-run")

        assert said[-1] == "import: dry run, nothing was written; 9 claims would be added"
        assert log.head().position == position

    @pytest.mark.parametrize(
        ("file", "old", "new", "says"),
        [
            ("steppe.csv", "Category", "Kind", "there is no column 'Category'"),
            ("steppe.toml", '"steppe-sample"', '"A sample"', "/name: must have the form of"),
        ],
    )
    def test_refuses_a_wrong_file_whole(self, run, files, file, old, new, says):
        spoil(files, old, new, file=file)
        position = log.head().position

        with pytest.raises(CommandError, match=f"nothing was imported: .*{says}"):
            run()
        assert log.head().position == position

    def test_names_a_file_that_is_not_there(self, run):
        with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
            run(file="nowhere.csv")

    @pytest.mark.parametrize("arguments", [[], ["x.csv", "--nope"]])
    def test_without_a_file_or_with_an_unknown_option_prints_its_usage(self, capsys, arguments):
        with pytest.raises(SystemExit) as ended:
            execute_from_command_line(["manage.py", "import", *arguments])

        assert ended.value.code == 2
        assert capsys.readouterr().err.startswith("usage: manage.py import ")

    def test_takes_no_pipe(self):
        read, write = os.pipe()
        os.close(write)
        pipe = f"/dev/fd/{read}"

        try:
            with pytest.raises(CommandError, match=rf"{pipe} cannot be read twice: save it"):
                call_command("import", pipe)
        finally:
            os.close(read)

    def test_takes_no_format_beside_a_mapping(self, run):
        with pytest.raises(CommandError, match="--mapping is only for a table: give either"):
            run("--format", "gdelt-1")

    def test_names_a_mapping_that_is_no_utf_8(self, run, files):
        (files / "steppe.toml").write_bytes(b"# T\xfcrkei\n")

        with pytest.raises(CommandError, match=r"steppe\.toml is not UTF-8"):
            run()

    def test_says_so_where_the_refused_cannot_be_written(self, run, files):
        spoil(files, "1,2022-01-06,Russia", "1,2022-01-06,Rusia")
        (files / "steppe.csv.rejected.csv").mkdir()

        assert any("the refused rows could not be written" in line for line in run())

    def test_counts_reasons_that_differ_in_their_dates_as_one(self, run, files):
        rows = [f"9{n},2022-01-2{n},Russia,PRC,x,visit,,A,,T,2022-01-0{n}" for n in range(1, 4)]
        with (files / "steppe.csv").open("a", encoding="utf-8") as file:
            file.write("\n".join(rows) + "\n")

        [reason] = [line for line in run() if "refused:" in line]
        number, _, text = reason.partition(" ")
        assert number == "3"
        assert "the event is dated [date], after its" in text

    def test_fails_where_all_rows_are_refused(self, run, files):
        header, *_ = (files / "steppe.csv").read_text(encoding="utf-8").splitlines()
        (files / "steppe.csv").write_text(f"{header}\nx,y\n", encoding="utf-8")

        with pytest.raises(CommandError, match="nothing was imported: all 1 rows were refused"):
            run()


class TestArchives:
    @pytest.fixture
    def take(self, tmp_path, capsys):
        def run(*options: str, **named: bytes) -> list[str]:
            paths = [tmp_path / name for name in named]
            for path, data in zip(paths, named.values(), strict=True):
                path.write_bytes(data)
            call_command("import", *map(str, paths), *options)
            return [line.strip() for line in capsys.readouterr().out.splitlines()]

        return run

    def test_say_what_is_cited_and_what_is_strange(self, take):
        late = {"SQLDATE": "20100701", "MonthYear": "201007", "Year": "2010"}

        said = take(one=archive(*days(2), {"SQLDATE": "20160701"}, late))

        table = {" ".join(line.split()) for line in said}
        assert {"3 new", "1 repeated", "1 repeated: added as a citation to the first"} <= table
        assert "1 happened a year or more before it was added" in table

    def test_that_are_wrong_stop_none_of_the_others(self, take):
        with pytest.raises(CommandError, match="one: nothing was imported: the format of the"):
            take(one=b"a,b\n", other=archive(*days(3)))

        assert [one.kind for one in log.read(after=0, limit=100)].count("ImportRecorded") == 1

    def test_go_on_where_they_were_after_a_stop(self, take, busy):
        with busy(), pytest.raises(CommandError, match="run it again to continue"):
            take(one=archive(*days(3)))

        assert take(one=archive(*days(3)))[-1] == "import: added 3 claims"


class TestImports:
    def test_lists_them_the_last_first_and_no_more_than_is_asked_for(self, run, capsys):
        run("--by", "ann")
        run()
        assert log.at(log.head().position).recorded_by == "ann"
        call_command("imports", "--limit", "1")
        assert len(capsys.readouterr().out.splitlines()) == 1

        call_command("imports")

        second, first = capsys.readouterr().out.splitlines()
        assert second.endswith(
            "done       steppe.csv (generic, by system:import): 9 of 9 rows: 9 known"
        )
        assert first.endswith("steppe.csv (generic, by ann): 9 of 9 rows: 9 new")
        assert [UUID(line.split()[0]) for line in (second, first)] == [
            one.id for one in queries.runs(limit=2)
        ]


class TestWithdrawImport:
    @pytest.fixture
    def withdraw(self, capsys):
        def run(found: object, *options: str) -> str:
            call_command("withdraw-import", str(found), "--reason", "a wrong file", *options)
            return capsys.readouterr().out.strip()

        return run

    def test_says_what_it_did_and_then_that_nothing_is_to_do(self, run, withdraw):
        run()
        [made] = queries.runs(limit=1)

        assert withdraw(made.id) == "withdraw-import: retracted 9 claims"
        assert log.at(log.head().position).recorded_by == "system:import"
        assert withdraw(made.id) == "withdraw-import: nothing to withdraw"
        assert "9 known, withdrawn: they do not count" in {" ".join(line.split()) for line in run()}

    def test_says_how_many_did_not_stand_any_more(self, run, withdraw):
        run()
        [made] = queries.runs(limit=1)
        [claim, *_] = [one for one in log.read(after=0, limit=99) if one.kind == "ClaimAsserted"]
        claims.retract_claim(claim.stream, reason="no", at=AT, by=BY)

        assert withdraw(made.id, "--by", "ann") == (
            "withdraw-import: retracted 8 claims; 1 were already retracted"
        )
        assert log.at(log.head().position).recorded_by == "ann"

    def test_names_an_import_that_there_is_not(self, withdraw):
        with pytest.raises(CommandError, match="nothing was withdrawn: there is no import"):
            withdraw(uuid4())

    def test_goes_on_where_it_was_after_a_stop(self, run, withdraw, busy):
        run()
        [made] = queries.runs(limit=1)

        with busy(), pytest.raises(CommandError, match="run it again to continue"):
            withdraw(made.id)


class TestACollectionThatNoLensCounts:
    SAYS = "No lens counts the collection steppe-sample: its claims move no score."

    def test_is_reported_before_and_after_with_the_command_that_helps(self, run, capsys):
        get_user_model().objects.create(username="ann")

        looked, taken = run("--dry-run"), run()
        call_command("count-collection", "steppe-sample", "--user", "ann")
        said = capsys.readouterr().out
        again = run()

        before = f"{self.SAYS} To count them, after the import: "
        assert looked[-2] == f"{before}`manage.py count-collection steppe-sample --user …`"
        assert f"{self.SAYS} To count them, `manage.py count-collection" in taken[-3]
        assert said.startswith("lens standing-steppe-sample@1 counts the collection steppe-sample")
        assert not any("No lens counts" in line for line in again)

    def test_is_counted_in_a_lens_that_is_named(self, run, capsys):
        get_user_model().objects.create(username="ann")
        desk = a_desk("UZB")
        run()

        call_command("count-collection", "steppe-sample", "--user", "ann", "--lens", "tone")

        assert "lens tone@2 counts" in capsys.readouterr().out
        [tone] = [one for one in latest() if one.lens.name == "tone"]
        assert tone.lens.view.collections[0] == desk.collection

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["steppe-sample", "--user", "bob"], "no account 'bob'"),
            (["nothing", "--user", "ann"], "no collection on record"),
            (["steppe-sample", "--user", "ann", "--lens", "nope"], "no lens 'nope'"),
        ],
    )
    def test_is_counted_by_nobody_where_anything_is_wrong(self, run, arguments, words):
        get_user_model().objects.create(username="ann")
        run()

        with pytest.raises(CommandError, match=words):
            call_command("count-collection", *arguments)

        assert latest() == []
