"""A war as a claim of tests."""

from tracker.domain.claims import Occurred

WAR = {"kind": "situation", "code": "plover-2.0/ASSAULT/heavy-weapons"}
SINCE = Occurred(edtf="2022-02-24/..")
