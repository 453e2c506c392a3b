"""Files come in, of every format one way: row by row, each claim once, and what one added can be
withdrawn."""
