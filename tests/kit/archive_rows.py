"""Rows as archives write them, each cell by the name of its column."""

import io
from collections.abc import Sequence

from tracker.imports.formats.base import ImportFormat, InvalidRow
from tracker.imports.formats.drafts import DraftClaim

# The header of GDELT 2.0, as its codebook (V2.0, 2015) lists the columns.
_GDELT = """
    GLOBALEVENTID SQLDATE MonthYear Year FractionDate
    Actor1Code Actor1Name Actor1CountryCode Actor1KnownGroupCode Actor1EthnicCode
    Actor1Religion1Code Actor1Religion2Code Actor1Type1Code Actor1Type2Code Actor1Type3Code
    Actor2Code Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode
    Actor2Religion1Code Actor2Religion2Code Actor2Type1Code Actor2Type2Code Actor2Type3Code
    IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale
    NumMentions NumSources NumArticles AvgTone
    Actor1Geo_Type Actor1Geo_FullName Actor1Geo_CountryCode Actor1Geo_ADM1Code
    Actor1Geo_ADM2Code Actor1Geo_Lat Actor1Geo_Long Actor1Geo_FeatureID
    Actor2Geo_Type Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code
    Actor2Geo_ADM2Code Actor2Geo_Lat Actor2Geo_Long Actor2Geo_FeatureID
    ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code
    ActionGeo_ADM2Code ActionGeo_Lat ActionGeo_Long ActionGeo_FeatureID
    DATEADDED SOURCEURL
"""
GDELT_2 = _GDELT.split()
# GDELT 1.0 has no second level of districts.
GDELT_1 = [name for name in GDELT_2 if not name.endswith("ADM2Code")]

# Kazakhstan's government visits Russia, told in Astana on the next day.
VISIT = {
    "GLOBALEVENTID": "564111644",
    "SQLDATE": "20160728",
    "MonthYear": "201607",
    "Year": "2016",
    "FractionDate": "2016.5699",
    "Actor1Code": "KAZGOV",
    "Actor1Name": "KAZAKHSTAN",
    "Actor1CountryCode": "KAZ",
    "Actor1Type1Code": "GOV",
    "Actor2Code": "RUS",
    "Actor2Name": "RUSSIA",
    "Actor2CountryCode": "RUS",
    "IsRootEvent": "1",
    "EventCode": "042",
    "EventBaseCode": "042",
    "EventRootCode": "04",
    "QuadClass": "1",
    "GoldsteinScale": "1.9",
    "NumMentions": "4",
    "NumSources": "1",
    "NumArticles": "4",
    "AvgTone": "2.5",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Astana, Aqmola, Kazakhstan",
    "ActionGeo_CountryCode": "KZ",
    "ActionGeo_Lat": "51.1811",
    "ActionGeo_Long": "71.4278",
    "DATEADDED": "20160729",
    "SOURCEURL": "https://www.inform.kz/en/visit_a2930000",
}


def gdelt(names: Sequence[str] = GDELT_1, **given: str) -> list[str]:
    """The cells of a row that differs from the visit in what is given."""
    return cells(names, VISIT, **given)


def code(event: str) -> dict[str, str]:
    """The cells of an event's code, its base and its root."""
    return {"EventCode": event, "EventBaseCode": event[:3], "EventRootCode": event[:2]}


def on(day: str) -> dict[str, str]:
    """The cells of a day, YYYYMMDD."""
    return {"SQLDATE": day, "MonthYear": day[:6], "Year": day[:4]}


_ICEWS = (
    "Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,"
    "Intensity,Target Name,Target Sectors,Target Country,Story ID,Sentence Number,Publisher,"
    "City,District,Province,Country,Latitude,Longitude"
)
ICEWS = _ICEWS.split(",")
CONSULT = {
    "Event ID": "32889836",
    "Event Date": "2018-06-01",
    "Source Name": "Foreign Affairs (Bangladesh)",
    "Source Sectors": "Executive,Foreign Ministry,Government",
    "Source Country": "Bangladesh",
    "Event Text": "Consult",
    "CAMEO Code": "040",
    "Intensity": "1",
    "Target Name": "High Ranking Military Personnel (Vietnam)",
    "Target Sectors": "Military,Government",
    "Target Country": "Vietnam",
    "Story ID": "47400351",
    "Sentence Number": "2",
    "Publisher": "Vietnam News Agency Bulletin",
    "City": "Hanoi",
    "District": "NA",
    "Province": "Thanh Pho Ha Noi",
    "Country": "Vietnam",
    "Latitude": "21.0245",
    "Longitude": "105.841",
}

# The header of POLECAT's weekly files.
_POLECAT = (
    "Event ID,Event Date,Event Type,Event Mode,Intensity,Quad Code,Contexts,Actor Name,"
    "Actor Country,Actor COW,Primary Actor Sector,Actor Sectors,Actor Title,Actor Name Raw,"
    "Wikipedia Actor ID,Recipient Name,Recipient Country,Recipient COW,"
    "Primary Recipient Sector,Recipient Sectors,Recipient Title,Recipient Name Raw,"
    "Wikipedia Recipient ID,Placename,City,District,Province,Country,Latitude,Longitude,"
    "GeoNames ID,Raw Placename,Feature Type,Source,Publication Date,Story People,"
    "Story Organizations,Story Locations,Language,Version"
)
POLECAT = _POLECAT.split(",")
EXPULSION = {
    "Event ID": "AFP0020230109ej19000ab_003_r1_p1_x1",
    "Event Date": "2023-01-08",
    "Event Type": "SANCTION",
    "Event Mode": "expel",
    "Intensity": "-5.0",
    "Quad Code": "MATERIAL CONFLICT",
    "Contexts": "diplomatic;intelligence",
    "Actor Name": "Ministry of Foreign Affairs",
    "Actor Country": "DEU",
    "Primary Actor Sector": "GOV",
    "Recipient Name": "Russia",
    "Recipient Country": "RUS",
    "Primary Recipient Sector": "",
    "Placename": "Berlin",
    "Country": "DEU",
    "Latitude": "52.52437",
    "Longitude": "13.41053",
    "Source": "Agence France-Presse",
    "Publication Date": "2023-01-09",
    "Language": "English",
    "Version": "NGEC_v1",
}


def tabbed(*rows: Sequence[str]) -> bytes:
    """Rows as a text with tabs, without quotes."""
    return "".join("\t".join(row) + "\n" for row in rows).encode()


def quoted(*rows: Sequence[str]) -> bytes:
    """Rows as a text with commas, each cell in quotes, as R writes them."""
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows).encode()


def cells(names: Sequence[str], usual: dict[str, str], **given: str) -> list[str]:
    """The cells of a row that differs from the usual one in what is given."""
    assert set(given) <= set(names)
    return [(usual | given).get(name, "") for name in names]


def read(form: ImportFormat, data: bytes) -> list[DraftClaim | InvalidRow]:
    return list(form.read(io.BytesIO(data)))
