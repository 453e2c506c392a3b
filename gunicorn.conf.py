"""What every web server of this product has in common; gunicorn reads it from its folder.

Options of the command line come before these.
"""

# Reads requests and sends answers apart from the threads, so that slow clients stop nobody.
worker_class = "config.web.worker.BufferedWorker"
workers = 2
threads = 4
# Seconds that a connection without a request stays open.
keepalive = 5
graceful_timeout = 8
# Another way in, which nothing here uses.
control_socket_disable = True
