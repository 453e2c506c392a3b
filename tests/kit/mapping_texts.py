"""Texts of mappings of tables: the shortest one, one with every key, and one of events."""

LEAST = """
[collection]
name = "events"

[claim]
kind = "act"
summary = {column = "what"}

[[parties]]
role = "initiator"
name = {column = "who"}

[document]
title = {column = "title"}
publisher = {column = "outlet"}
"""
FULL = """
key = ["no"]

[table]
header = 3
encoding = "cp1251"
delimiter = ";"
sheet = "Events"

[collection]
name = "events"
coding = "machine"
review = true
description = "From a table."
default_reliability = "D"
default_credibility = 4

[claim]
kind = {column = "kind", values = {Act = "act"}}
summary = {template = "{who}: {what}"}
tags = ["a", "b"]

[occurred]
date = {column = "day"}
until = {column = "end"}
formats = ["%Y-%m-%d"]
basis = "inferred"

[[parties]]
label = "hub"
role = "initiator"
name = "CHN"

[[parties]]
label = "others"
role = "recipient"
name = {column = "who", split = ";"}
optional = true

[document]
url = {column = "url"}
date = {column = "published"}
publisher = {host_of = "url"}

[citation]
credibility = 3
chain = [{column = "wire"}, "Reuters"]

[[codes]]
when = {sort = ["x", "y"], more = "z"}
code = "plover-2.0/CONSULT"
kind = "act"
strength = "weak"
contexts = ["economic"]
roles = {others = "affected"}
reason = "They meet."

[[publishers]]
like = ["*.gov.??"]
kind = "agency"
country = "CHN"
ownership = "state"
reliability = "B"
since = 2020-01-01
reason = "Its record."
"""
MAPPING = """
[collection]
name = "events"

[claim]
kind = "act"
summary = {column = "what"}
tags = {column = "tags", split = " "}
value = {column = "sum"}
unit = "t"

[occurred]
date = {column = "day"}

[[parties]]
label = "one"
role = "initiator"
name = {column = "who", split = ";"}

[[parties]]
label = "other"
role = "recipient"
name = {column = "whom"}
optional = true

[document]
url = {column = "url"}
date = {column = "published"}
publisher = {host_of = "url"}

[citation]
credibility = {column = "sure"}
chain = [{column = "wire"}, {column = "origin"}]

[[codes]]
when = {sort = "visit"}
code = "plover-2.0/CONSULT/visit"
reason = "They visit."

[[codes]]
when = {sort = ["dispute", "row"], side = "bad"}
code = "plover-2.0/ACCUSE"
contexts = ["territory"]
strength = "weak"
roles = {other = "affected"}
reason = "They quarrel."

[[codes]]
when = {sort = "flood"}
kind = "assessment"
reason = "Nobody's act."

[[publishers]]
like = ["*.GOV.??"]
ownership = "state"
"""
CODED_SPEAKER = """[claim]
said_by = {column = "origin", scheme = "cow"}
"""
