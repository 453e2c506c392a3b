"""Settings of every web server of this product. gunicorn reads them from its folder.

Options on the command line override them.
"""

# Reads requests and sends answers outside of the threads, so that slow clients block no one.
worker_class = "config.web.worker.BufferedWorker"
workers = 2
threads = 4
# Seconds that a connection without a request stays open.
keepalive = 5
graceful_timeout = 8
# A control interface that is not used here.
control_socket_disable = True
