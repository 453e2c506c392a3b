"""What every web server of this product has in common; gunicorn reads it from its folder."""

# Bytes of an address, which may name a hundred claims to be left out. It is the most there is.
limit_request_line = 8_190
