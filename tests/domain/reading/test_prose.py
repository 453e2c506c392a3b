"""Three paragraphs of a columnist: which dates and names are found. The lists were written before
the program read the paragraphs."""

from datetime import date

import pytest

from tracker.domain.offices import shipped
from tracker.domain.reading import reference_names
from tracker.domain.reading.days import find_days
from tracker.domain.reading.names import Names
from tracker.domain.reading.people import Person
from tracker.domain.reading.text import sentences
from tracker.domain.reading.unknown_names import unknown_names

NAMES = Names(reference_names.entries({}, {}), map(Person.of, shipped()))

SAHEL = (
    "On 9 January the leaders of ECOWAS, meeting in Accra, closed their borders with Mali and "
    "froze its assets at the regional central bank, after the junta in Bamako had proposed to "
    "stay in power until December 2025. France and the European Union followed within weeks. On "
    "31 January the Malians gave the French ambassador 72 hours to leave, and last Thursday "
    "Emmanuel Macron announced that the soldiers of Barkhane would be gone in four to six "
    "months. Colonel Assimi Goïta’s government answered a day later that they should go without "
    "delay. Since the coup of August 2020 the Wagner Group has sent, by American estimates, "
    "about 1,000 men; Moscow says that it knows of no such contract."
)
CAUCASUS = (
    "Azerbaijan’s army needed one day. On 19 September its artillery opened fire on Nagorno- "
    "Karabakh; on the next day the Armenians of the enclave laid down their arms, and by the "
    "end of the month more than 100,000 of them had crossed the Lachin corridor into Armenia. "
    "Nikol Pashinyan blamed Moscow, whose peacekeepers had been there since November 2020; in "
    "early September he had sent his wife to Kyiv and invited American soldiers to exercises. "
    "This week the parliament in Yerevan ratified the Rome Statute, which the Kremlin had "
    "called an extremely hostile step. Tehran warned both sides last month against changes of "
    "borders; Ankara has not said a word against Baku and Ilham Aliyev since the spring."
)
SHOALS = (
    "Manila and Beijing agreed on 21 July how the marines on the Sierra Madre are to be "
    "supplied, and a first trip on July 27 went well. It did not last. On August 11 the "
    "Philippines protested that Chinese aircraft had dropped flares in the path of one of its "
    "planes; on Monday last week coast guard ships collided near Sabina Shoal, and yesterday a "
    "fisheries vessel was rammed and hosed. The State Department in Washington repeated within "
    "hours that the Mutual Defense Treaty of 1951 covers the Philippine Coast Guard. Between "
    "2016 and 2022 Rodrigo Duterte had bet on Xi Jinping’s money; his successor, Ferdinand "
    "Marcos Jr., opened four more bases to the Americans in February 2023, held the largest "
    "Balikatan exercise ever from April 22 to May 10, and will receive the Vietnamese defence "
    "minister on Friday."
)
# The text, the document's day, the dates, the states in order, the names that no record has.
PARAGRAPHS = (
    (
        SAHEL,
        "2022-02-20",
        {
            "On 9 January": "2022-01-09",
            "until December 2025": "[..2025-12]",
            "On 31 January": "2022-01-31",
            "last Thursday": "2022-02-17",
            "a day later": "2022-02-18",
            "August 2020": "2020-08",
        },
        "GHA MLI MLI FRA MLI FRA FRA USA RUS",
        ("ECOWAS", "European Union", "Colonel Assimi Goïta", "Wagner Group"),
    ),
    (
        CAUCASUS,
        "2023-10-05",
        {
            "On 19 September": "2023-09-19",
            "on the next day": "2023-09-20",
            "by the end of the month": "[..2023-09-30]",
            "since November 2020": "2020-11/..",
            "in early September": "[2023-09-01..2023-09-10]",
            "This week": "[2023-09-29..2023-10-05]",
            "last month": "2023-09",
            "since the spring": "2023-03-01/..",
        },
        "AZE ARM ARM ARM RUS UKR USA ARM RUS IRN TUR AZE AZE",
        (),
    ),
    (
        SHOALS,
        "2024-08-26",
        {
            "on 21 July": "2024-07-21",
            "on July 27": "2024-07-27",
            "On August 11": "2024-08-11",
            "on Monday last week": "2024-08-19",
            "yesterday": "2024-08-25",
            "within hours": "2024-08-25",
            "Between 2016 and 2022": "[2016..2022]",
            "in February 2023": "2023-02",
            "from April 22 to May 10": "2024-04-22/2024-05-10",
            "on Friday": "2024-08-30",
        },
        "PHL CHN PHL CHN USA USA PHL CHN PHL USA VNM",
        ("Sierra Madre", "Philippine Coast Guard", "Rodrigo Duterte"),
    ),
)


@pytest.mark.parametrize(("text", "published", "dates", "states", "unknown"), PARAGRAPHS)
class TestParagraphs:
    def test_dates(self, text, published, dates, states, unknown):
        assert {one.phrase: one.edtf for one in find_days(text, published)} == dates

    def test_states(self, text, published, dates, states, unknown):
        found = NAMES.find(text, date.fromisoformat(published))

        assert [one.meanings[0].country for one in found] == states.split()
        assert all(len(one.meanings) == 1 for one in found)

    def test_names_without_a_record(self, text, published, dates, states, unknown):
        mentions = NAMES.find(text, date.fromisoformat(published))
        found = [one for each in sentences(text) for one in unknown_names(each, mentions)]

        assert tuple(one.text for one in found) == unknown
        assert all(text[one.start : one.end] == one.text for one in found)
