"""Reads an article: its sentences, the states and dates that they name, and what they may claim.

Plain Python over tables in `fixtures/reference/`: no model, no download. A reading is a set of
proposals; a person accepts, changes or drops each of them.
"""
