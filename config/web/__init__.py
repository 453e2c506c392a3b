"""The web server: gunicorn's processes, in which waitress reads requests and sends responses.

A thread works on a request when it has arrived completely, until its response is generated. A slow
client waits in the event loop, never in a thread, and each wait has a limit.
"""
