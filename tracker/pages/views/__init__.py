"""The public pages: each asks one question of the queries and shows the answer."""
