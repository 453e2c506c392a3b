"""A claim as our own API gives it, with what a claim's own body does not hold."""

ID = "0197f0a0-0000-7000-8000-000000000001"
KAZ = "0197f0a0-0000-7000-8000-00000000000a"
RUS = "0197f0a0-0000-7000-8000-00000000000b"
TIMES = "0197f0a0-0000-7000-8000-0000000000d1"
NOTE = "0197f0a0-0000-7000-8000-0000000000d2"
NYT = "0197f0a0-0000-7000-8000-0000000000e1"
FIRM = "0197f0a0-0000-7000-8000-0000000000e2"
TASS = "0197f0a0-0000-7000-8000-0000000000e3"

CLAIM = {
    "id": ID,
    "version": 2,
    "status": "standing",
    "review": None,
    "title": "Russia shuts off Kazakh oil flows.",
    "asserted": {"position": 7, "at": "2026-01-02T03:04:05.000006Z", "by": "ada"},
    "changed": {"position": 9, "at": "2026-01-02T03:04:05.000006Z", "by": "ada"},
    "collection": "0197f0a0-0000-7000-8000-0000000000c1",
    "collection_name": "curated",
    "key": None,
    "kind": "act",
    "summary": "Russia shuts off Kazakh oil flows.",
    "parties": [
        {
            "actor": RUS,
            "role": "initiator",
            "responsibility": "state-executed",
            "name": "Russia",
            "code": "RUS",
            "kind": "state",
        },
        {
            "actor": KAZ,
            "role": "recipient",
            "responsibility": None,
            "name": "Kazakhstan",
            "code": None,
            "kind": "state",
        },
    ],
    "code": "plover-2.0/SANCTION/discontinue",
    "coded": {"label": "Sanction: discontinue", "value": -6.0},
    "contexts": ["economic"],
    "polarity": "asserted",
    "modality": "actual",
    "condition": "",
    "occurred": {
        "edtf": "2022-03",
        "phrase": "in March",
        "basis": "stated",
        "earliest": "2022-03-01",
        "latest": "2022-03-31",
        "says": "March 2022",
    },
    "strength": {"grade": "partial", "reason": "mostly"},
    "likelihood": "likely",
    "hedge": "apparently",
    "magnitude": {"value": "-40.5", "unit": "%", "change": False, "baseline": None},
    "citations": [
        {
            "document": TIMES,
            "chain": [FIRM],
            "stance": "supports",
            "interest": "none",
            "credibility": 2,
            "language": "en",
            "locator": None,
            "quote": "shut off",
            "translation": "",
            "note": "",
            "document_title": "Oil",
            "document_date": "2022-04-01",
            "document_url": "https://nyt.example/oil",
            "provenance": [
                {"source": NYT, "name": "New York Times", "grade": "B", "ownership": "private"},
                {"source": FIRM, "name": "Check Point", "grade": None, "ownership": None},
            ],
        },
        {
            "document": NOTE,
            "chain": [],
            "stance": "denies",
            "interest": "self-serving",
            "credibility": None,
            "language": None,
            "locator": "p. 3",
            "quote": "",
            "translation": "",
            "note": "",
            "document_title": "",
            "document_date": None,
            "document_url": "https://tass.example/1",
            "provenance": [
                {"source": TASS, "name": "TASS", "grade": "D", "ownership": "state"},
            ],
        },
    ],
    "resolves_by": None,
    "criterion": "",
    "tags": ["oil"],
    "note": "",
    "links": [],
    "verdicts": [],
    "resolution": None,
}
