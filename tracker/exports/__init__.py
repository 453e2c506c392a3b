"""Files of the record: claims, events and scores, row by row, in formats for other programs.

Each table is as of a position of the log. The same export gives the same rows a year later, except
for words that were withheld meanwhile.
"""
