"""Rows as the original downloads of data sets about pairs of states have them, made by hand."""

from collections.abc import Mapping
from typing import Any

from tests.kit.archive_rows import read
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.recognise import FORMATS

# As R writes tables: with the number of the row in a column without a name, and NA.
TSS = (
    '"","tssr_id","rivalry","ccode1","ccode2","start","end","positional","spatial","ideological"'
    ',"interventionary","principal","aprin"'
)
TSS_ROWS = (
    '"1",107,"India-Pakistan",750,770,1947,2020,1,1,NA,NA,1,NA',
    '"2",211,"China-United States 2",2,710,1996,2020,1,NA,NA,NA,1,NA',
    '"3",129,"China-United States 1",2,710,1949,1972,1,NA,1,NA,1,NA',
    '"4",124,"Greece-Turkey 2",350,640,1955,2020,1,1,NA,NA,1,NA',
    '"5",2,"Austria-Ottoman Empire",300,640,1494,1908,1,1,NA,NA,1,NA',
)
BOOK = "Rivalry,Start,End"
ATOP = (
    "dyad,mem1,mem2,year,atopally,defense,offense,neutral,nonagg,consul,shareob,bilatno,multino"
    ",number,asymm,atopid1,version"
)
ATOP_ROWS = (
    "365705,365,705,2017,1,1,0,0,1,1,1,2,3,5,0,3900,5.1",
    "365705,365,705,2018,1,1,0,0,1,1,1,2,3,5,0,3900,5.1",
    "705710,705,710,2018,1,0,0,0,1,1,1,1,1,2,0,4000,5.1",
    "2710,2,710,1943,1,1,0,0,0,1,1,0,1,1,0,2550,5.1",
    "300365,300,365,1881,1,0,0,1,0,1,1,0,1,1,0,1350,5.1",
)
COW_DISPUTES = (
    "disno,dyindex,statea,namea,stateb,nameb,strtday,strtmnth,strtyr,year,endday,endmnth,endyear"
    ",outcome,settlmnt,fatlev,highact,hihost,recip,war"
)
COW_ROWS = (
    "4007,1,750,IND,770,PAK,3,5,1999,1999,26,7,1999,2,2,6,20,5,1,1",
    "4210,2,2,USA,710,CHN,1,4,2001,2001,12,4,2001,6,1,1,15,4,1,0",
)
GML_DISPUTES = (
    '"","dispnum","ccode1","ccode2","year","gmlmidongoing","gmlmidonset","sidea1","sidea2"'
    ',"fatality1","fatality2","hostlev1","hostlev2","orig1","orig2","fatality","hostlev","recip"'
)
GML_ROWS = ('"1",4007,750,770,1999,1,1,1,0,6,6,5,5,1,1,6,5,1',)
UN_VOTES = (
    '"","session.x","ccode1","ccode2","agree","year","IdealPointFP.x","NVotesFP.x"'
    ',"IdealPointFP.y","NVotesFP.y","IdealPointDistance"'
)
UN_ROWS = (
    '"1",70,365,705,0.743243243243243,2015,0.1,75,-0.2,75,0.3',
    '"2",70,705,365,0.743243243243243,2015,-0.2,75,0.1,75,0.3',
    '"3",70,2,365,NA,2015,2.6,75,0.1,75,2.5',
)
DYADS = (
    "dyad_id,conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd"
    ",incompatibility,territory_name,year,intensity_level,type_of_conflict,start_date,start_prec"
    ",start_date2,start_prec2,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region,version"
)
DYAD_ROWS = (
    (
        '999,13246,"Russia (Soviet Union), Ukraine",Government of Russia (Soviet Union),114,,'
        "Government of Ukraine,123,,1,,2022,2,2,2022-02-24,1,2022-02-24,1,365,,369,,"
        '"365, 369",1,25.1'
    ),
    (
        '998,420,Iraq,"Government of Australia, Government of United Kingdom, Government of United'
        ' States of America",1,,Government of Iraq,116,,2,,2003,2,2,2003-03-20,1,2003-03-20,1,'
        '"900, 200, 2",,645,,645,2,25.1'
    ),
    (
        "997,333,Afghanistan,Government of Afghanistan,130,,Taleban,303,,2,,2022,1,3,1978-04-27,1"
        ",1978-12-31,4,700,,,,700,3,25.1"
    ),
)
EVENTS = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id"
    ",conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a"
    ",side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office"
    ",source_date,source_headline,source_original,where_prec,where_coordinates,where_description"
    ",adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity"
    ",date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high"
    ",low,gwnoa,gwnob"
)
# An event at a border, between two states; the place and the number are invented.
EVENT: Mapping[str, str] = {
    "id": "500001",
    "relid": "KGZ-2022-1-1-1",
    "year": "2022",
    "active_year": "1",
    "code_status": "Clear",
    "type_of_violence": "1",
    "dyad_name": "Government of Kyrgyzstan - Government of Tajikistan",
    "side_a": "Government of Kyrgyzstan",
    "side_b": "Government of Tajikistan",
    "source_article": "Reuters 2022-09-17 At least 24 killed",
    "where_coordinates": "Batken town",
    "date_prec": "1",
    "date_start": "2022-09-16 00:00:00.000",
    "date_end": "2022-09-16 00:00:00.000",
    "best": "24",
    "high": "30",
    "low": "20",
    "gwnoa": "703",
    "gwnob": "702",
}


def lines(header: str, *rows: str) -> bytes:
    """A file with these lines."""
    return "".join(f"{line}\n" for line in (header, *rows)).encode()


def event(**cells: str) -> str:
    """The line of an event that differs from `EVENT` in some cells."""
    changed = EVENT | cells
    quoted = (f'"{changed.get(name, "")}"' for name in EVENTS.split(","))
    return ",".join(quoted)


FILES: Mapping[str, bytes] = {
    "rivalries": lines(TSS, *TSS_ROWS),
    "atop": lines(ATOP, *ATOP_ROWS),
    "cow-disputes": lines(COW_DISPUTES, *COW_ROWS),
    "gml-disputes": lines(GML_DISPUTES, *GML_ROWS),
    "un-votes": lines(UN_VOTES, *UN_ROWS),
    "ucdp-dyads": lines(DYADS, *DYAD_ROWS),
    "ucdp-events": lines(EVENTS, event()),
    "structural": b"country_1,country_2,as_of\nKAZ,RUS,\nCHN,USA,1960-01-01\n",
}


def drafts(form: str, header: str, *rows: str) -> list[DraftClaim]:
    """The drafts of a download; rows that are refused are left out."""
    return [
        row for row in read(FORMATS[form], lines(header, *rows)) if not isinstance(row, InvalidRow)
    ]


def refused(form: str, header: str, *rows: str) -> list[tuple[Any, ...]]:
    """The line, column, value and reason of each row of a download that is refused."""
    return [
        (row.line, row.column, row.value, row.reason)
        for row in read(FORMATS[form], lines(header, *rows))
        if isinstance(row, InvalidRow)
    ]
