"""What is on record as files: claims, events and scores, row by row, in formats that others read.

Each table holds as of one position of the log, so that the same export gives the same rows next
year, but for words that are withheld since.
"""
