"""Imports of files of every format, row by row, and their withdrawal."""
