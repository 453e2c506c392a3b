"""The web server: gunicorn's processes, with waitress reading requests and sending answers.

A thread works on a request once all of it is there, and is free once its answer is made. What a
client sends and takes slowly waits in the event loop, and every wait has an end.
"""
