"""Several hosts on one machine, for tests: two web hosts, workers, a primary with a standby, pooler
and proxy, which can be killed, frozen and cut off."""
