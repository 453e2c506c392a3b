"""A column to be read at the desk."""

TEXT = """The column

On 3 March 2022 Russia imposed sanctions on Kazakhstan. The weather was fine.
"""
