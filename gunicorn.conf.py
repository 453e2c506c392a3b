"""Settings of every web server; gunicorn reads them from its folder.

Command line options override them.
"""

# JSON with LOG_FORMAT=json.
logger_class = "config.web.logger.GunicornLogger"
# Slow clients occupy no thread.
worker_class = "config.web.worker.BufferedWorker"
workers = 2
threads = 4
# Seconds that a connection without a request stays open.
keepalive = 5
graceful_timeout = 8
# Unused, so closed.
control_socket_disable = True
