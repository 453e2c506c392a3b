"""Numbers, days and dates of claims in the languages of the pages."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from tracker import language_formats
from tracker.date_wording import described, named
from tracker.wording import about, listed, percent, signed

DAY = date(2022, 5, 24)


@pytest.mark.parametrize(
    ("language", "day", "short", "month"),
    [
        ("en-gb", "24 May 2022", "24 May 2022", "May 2022"),
        # In Russian the month of a day is in the genitive.
        ("ru", "24 мая 2022", "24 мая 2022", "май 2022"),
        ("kk", "2022\u202fж. 24 мамыр", "2022\u202fж. 24 мам.", "2022\u202fж. мамыр"),
        ("zh-hans", "2022年5月24日", "2022年5月24日", "2022年5月"),
    ],
)
def test_days_and_months(language, day, short, month) -> None:
    with override(language):
        assert language_formats.day_name(DAY) == day
        assert language_formats.day_name(DAY, short=True) == short
        assert language_formats.month_name(DAY) == month


def test_a_month_after_since_is_in_the_case_of_days_there() -> None:
    assert language_formats.since_month(DAY) == "May 2022"
    with override("ru"):
        assert language_formats.since_month(DAY) == "мая 2022"
    with override("zh-hans"):
        assert language_formats.since_month(DAY) == "2022年5月"


def test_moments_are_in_utc() -> None:
    moment = datetime(2022, 5, 24, 7, 5, tzinfo=UTC)

    assert language_formats.moment_name(moment) == "24 May 2022, 07:05 UTC"
    with override("ru"):
        assert language_formats.moment_name(moment) == "24 мая 2022, 07:05 UTC"


@pytest.mark.parametrize(
    ("language", "number", "chance", "share"),
    [
        ("en-gb", "−0.5", "over 99\xa0%", "about 85\xa0%"),
        ("ru", "−0,5", "более 99\xa0%", "около 85\xa0%"),
        ("kk", "−0,5", "99\xa0%-дан астам", "шамамен 85\xa0%"),
        ("zh-hans", "−0.5", "超过 99\xa0%", "约 85\xa0%"),
    ],
)
def test_numbers(language, number, chance, share) -> None:
    with override(language):
        assert signed(-0.5) == number
        assert percent(0.9999) == chance
        assert about(0.87) == share
        # Never with a sign.
        assert signed(-0.04) in ("0.0", "0,0")


def test_thousands_and_lists() -> None:
    assert language_formats.grouped(1204) == "1,204"
    assert listed(["A", "B", "C"]) == "A, B and C"
    with override("ru"):
        assert language_formats.grouped(1204) == "1\xa0204"
        assert listed(["А", "Б", "В"]) == "А, Б и В"
    with override("zh-hans"):
        assert listed(["甲", "乙", "丙"]) == "甲、乙和丙"


@pytest.mark.parametrize(
    ("edtf", "in_english", "in_russian"),
    [
        ("2022-05-24", "on 24 May 2022", "24 мая 2022"),
        ("2022-05", "in May 2022", "май 2022"),
        ("2022", "in 2022", "2022"),
        ("2022~", "around 2022", "примерно 2022"),
        ("2022-05-24?", "on 24 May 2022 (uncertain)", "24 мая 2022 (неточно)"),
        ("2022-05-24/..", "since 24 May 2022, no end reported",
         "начало: 24 мая 2022, об окончании не сообщалось"),
        ("2021/2022", "lasted from 2021 to 2022", "длилось: 2021 — 2022"),
        ("[2022-05-01,2022-05-03]", "on 1 May 2022 or on 3 May 2022", "1 мая 2022 или 3 мая 2022"),
        ("[..2020]", "in or before 2020", "2020 или раньше"),
    ],
)  # fmt: skip
def test_dates_of_claims(edtf, in_english, in_russian) -> None:
    assert described(edtf) == in_english
    with override("ru"):
        assert described(edtf) == in_russian


def test_a_part_of_a_month_keeps_its_days() -> None:
    with override("zh-hans"):
        assert described("[2022-03-21..2022-03-31]") == "2022年3月21日\u2009–\u200931日中的某一天"


def test_the_name_of_a_date() -> None:
    assert named("1977-06-28") == "28 June 1977"
    with override("kk"):
        assert named("1977-06-28") == "1977\u202fж. 28 маусым"
        assert named("1977") == "1977"


def test_languages_by_name() -> None:
    assert language_formats.language_name("zh") == "Chinese"
    assert language_formats.language_name("qqq") == "qqq"
    with override("ru"):
        assert language_formats.language_name("en") == "английский"
