"""The article's claims as the desk read them, typed in from its table."""

from uuid import UUID

from tracker.operations.ids import content_id

MAY_WEEK = "[2022-05-17..2022-05-24]"
BEFORE = "[..2022-05-24]"

ROLES = (("initiator", ""), ("recipient", ">"), ("affected", "affected"), ("about", "about"))
# Row, kind, who (initiators > recipients, affected, about; a country's sector where it is not the
# government), code, date.
TABLE = [
    (1, "assessment", "about RUS KAZ", None, "2022-05"),
    (2, "act", "RUS > UKR", "ASSAULT/heavy-weapons", "2022-02-24"),
    (3, "act", "RUS > KAZ affected CHN", "SANCTION/discontinue", "[2022-03-21..2022-03-31]"),
    (4, "assessment", "about KAZ RUS", None, "2022-03-21/2022-05-24"),
    (5, "act", "RUS CHN", "ACCUSE/disapprove", "2022-03-21/2022-05-24"),
    (6, "assessment", "about RUS the-West FRA", None, "2022-03"),
    (7, "assessment", "about KAZ RUS", None, "2022-03/2022-05"),
    (8, "act", "KAZ", "PROTEST", "2022-01"),
    (9, "act", "RUS RUS:society > KAZ", "THREATEN/territory", "2022-03"),
    (10, "assessment", "about KAZ RUS", None, "2022-03"),
    (11, "act", "KAZ > TUR", "CONSULT/visit", "2022-05-11"),
    (12, "act", "KAZ > TUR affected CHN RUS", "SUPPORT", "2022-05-11"),
    (13, "act", "KAZ TUR", "SUPPORT", "2022-05-11"),
    (14, "assessment", "about RUS KAZ", None, "2022-05"),
    (15, "act", "RUS:state-media > Central-Asia", "SUPPORT", "2022-05-12"),
    (16, "situation", "KAZ > UKR", "SUPPORT", "2022-02-24/.."),
    (17, "act", "KAZ > UKR", "SUPPORT", "2022-04-04"),
    (18, "assessment", "about KAZ", None, "2022-05"),
    (19, "assessment", "about CHN RUS KAZ", None, "2022-05"),
    (20, "assessment", "about CHN Central-Asia", None, "2022-05"),
    (21, "act", "CHN RUS", "CONSULT", MAY_WEEK),
    (22, "assessment", "about CHN RUS", None, BEFORE),
    (23, "act", "USA > RUS affected CHN", "THREATEN/restrict", "2022-05"),
    (24, "assessment", "about CHN USA European-Union", None, "2022-05"),
    (25, "assessment", "about CHN RUS", None, "2022-05"),
    (26, "act", "CHN:intelligence > RUS", "COERCE/cyber", BEFORE),
    (27, "act", "CHN:intelligence > RUS", "COERCE/cyber", None),
    (28, "act", "RUS:intelligence > CHN:intelligence", "ACCUSE/allege", "2020"),
    (29, "act", "CHN:intelligence > RUS", None, "[..2020]"),
    (30, "act", "CHN:state-media > RUS", "SUPPORT", MAY_WEEK),
    (31, "act", "CHN:state-media > USA UKR", "ACCUSE/allege", MAY_WEEK),
    (32, "act", "USA UKR", None, None),
    (33, "assessment", "about CHN RUS", None, "2022-05"),
    (34, "situation", "CHN CHN:business > RUS", "SANCTION/discontinue", "2022-02-24/.."),
    (35, "act", "CHN:business > RUS:business", "SANCTION/discontinue", MAY_WEEK),
    (36, "measure", "CHN > RUS", None, "2022-03"),
    (37, "measure", "CHN > RUS", None, "2022-03"),
    (38, "act", "CHN > RUS", "SUPPORT", MAY_WEEK),
    (39, "act", "CHN > FIN", "SUPPORT", MAY_WEEK),
    (40, "act", "CHN > FIN", "THREATEN/relations", MAY_WEEK),
    (41, "assessment", "about RUS CHN FIN SWE", None, "2022-05"),
    (42, "situation", "TUR > FIN SWE", "REJECT", "2022-05/.."),
    (43, "assessment", "about NATO", None, "2022-05"),
    (44, "act", "RUS > USA UKR", "ACCUSE/allege", BEFORE),
    (45, "situation", "CHN RUS", "COOPERATE", "2022-05/.."),
    (46, "assessment", "about CHN RUS USA", None, "2022-05"),
    (47, "assessment", "about RUS", None, "2022-05"),
    (48, "assessment", "about CHN Central-Asia", None, "2022-05"),
    (49, "assessment", "about RUS KAZ", None, BEFORE),
    (50, "act", "FIN SWE > NATO", "SUPPORT", "2022-05"),
    (51, "situation", "RUS > UKR", "ASSAULT/heavy-weapons", "2022-02-24/.."),
    (52, "situation", "HUN > FIN SWE", "REJECT", "2022-05/.."),
]
ROWS = [row for row, *_ in TABLE]
INFERRED_DATES = {2, 16, 21, 30, 31, 35, 38, 39, 40, 45}
CONTEXTS = {
    3: ("economic",),
    13: ("military",),
    21: ("economic",),
    23: ("economic",),
    45: ("economic",),
}
STRENGTHS = {
    3: ("partial", "essentially"),
    26: ("weak", "spionage"),
    27: ("weak", "spionage"),
    34: ("weak", "general compliance"),
    35: ("partial", ""),
    40: ("weak", "hint"),
    45: ("weak", ""),
}
LIKELIHOODS = {5: "likely", 27: "roughly-even-chance", 43: "very-likely"}
HEDGES = {
    1: "appear",
    5: "apparently",
    14: "may",
    18: "may",
    20: "may be quietly considering",
    22: "could have",
    27: "suspected",
    33: "may be",
    41: "neither … appear likely",
    42: "at least for now",
    43: "very likely",
    46: "would",
}
CHAINS = {
    17: ("The National Interest",),
    21: ("Bloomberg",),
    23: ("The New York Times",),
    25: ("Reid Standish",),
    26: ("The New York Times", "Check Point"),
    29: ("Federal Security Service (FSB)",),
    32: ("Vladimir Putin",),
    35: ("Alibaba",),
    36: ("Gina Raimondo",),
    37: ("Gina Raimondo",),
    41: ("The China-Russia Report",),
}
QUOTES = {
    15: "has not and does not regard Central Asia as an arena",
    17: "We respect [Ukraine’s] territorial integrity",
    39: "China and Finland enjoy very friendly relations",
    40: "will naturally add new factors",
}
MAGNITUDES = {
    35: ("-40", "% of staff"),
    36: ("-98", "%"),
    37: ("-40", "%"),
}
# What the desk remarks, by a word of it.
NOTES = {
    2: "common knowledge",
    4: "A feeling is no act",
    8: "Domestic",
    10: "A feeling is no act",
    11: "Tokayev",
    17: "no act against Russia",
    29: "a party",
    32: "a party",
    36: 'does not say "to Russia"',
    37: 'does not say "to Russia"',
    38: "missing from our copy",
    39: "muted response",
    40: "claim 39",
    41: "Without a horizon",
    43: "Without a horizon",
    50: "no country",
}
LINKS = {
    (2, "causes", 1),
    (2, "causes", 47),
    (3, "causes", 5),
    (9, "causes", 10),
    (47, "causes", 18),
    (12, "part_of", 11),
    (13, "part_of", 11),
    (17, "part_of", 16),
    (28, "says", 29),
    (30, "says", 32),
    (31, "says", 32),
    (44, "says", 32),
}
VERDICTS = {
    2: ("confirmed", None),
    32: ("false", "china-russia-report"),
    51: ("confirmed", None),
    52: ("disputed", None),
}
# The names of the article, and whom each means.
NAMES = [
    ("Moscow", "RUS"),
    ("the Kremlin", "RUS"),
    ("Russia", "RUS"),
    ("Nur-Sultan", "KAZ"),
    ("Astana", "KAZ"),
    ("Beijing", "CHN"),
    ("Chinese authorities", "CHN"),
    ("Chinese government", "CHN"),
    ("Washington", "USA"),
    ("U.S.", "USA"),
    ("Turkey", "TUR"),
    ("Brussels", "eu"),
    ("NATO", "nato"),
    ("the West", "the-west"),
    ("Central Asia", "central-asia"),
    ("Vladimir Putin", "putin"),
    ("Toqaev", "toqaev"),
    ("Tokayev", "toqaev"),
    ("Qasym-Zhomart Toqaev", "toqaev"),
    ("Zhào Lìjiān", "zhao-lijian"),
    ("赵立坚", "zhao-lijian"),
    ("Zhao", "zhao-lijian"),
    ("Gina Raimondo", "raimondo"),
    ("U.S. Commerce Secretary", "raimondo"),
    ("Russian officials", "russian-officials"),
    ("Kremlin-connected figures", "kremlin-connected-figures"),
    ("Kazakh officials", "kazakh-officials"),
    ("Russian counterintelligence service", "fsb"),
    ("Chinese security services", "chinese-intelligence"),
    ("Chinese cyberspies", "chinese-intelligence"),
    ("Chinese intelligence services", "chinese-intelligence"),
    ("Russian state media", "russian-state-media"),
    ("People's Daily", "peoples-daily"),
    ("Alibaba", "alibaba"),
    ("Mail.ru", "mail-ru"),
    ("Chinese corporates", "chinese-firms"),
    ("Check Point", "check-point"),
]


def claim_id(row: int) -> UUID:
    """The id of a row's claim."""
    return content_id("curated", f"china-russia-report-2022-05-24:{row}")
