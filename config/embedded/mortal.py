"""Starts a program that the kernel ends when the process that asked for it ends, kill -9 included.

Run by path, so that nothing of the house is imported first:

    mortal.py PARENT SIGNAL UID GID exec   PROGRAM ARGUMENT…
    mortal.py PARENT SIGNAL UID GID module NAME    ARGUMENT…

`exec` becomes the program; its own children are its own affair. `module` runs a Python module and
binds every process that it forks in the same way. UID and GID are -1, or whom to become. Where the
system is not Linux the program is started unbound.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def bind(parent: int, *, by: int) -> None:
    """Have the kernel send this process signal `by` when `parent` ends, or end it if it has."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os._exit(1)


def bind_forks() -> None:
    """Bind every process that is forked from here on to the one that forks it."""
    line = [os.getpid()]

    def in_child() -> None:
        bind(line[-1], by=signal.SIGKILL)
        line.append(os.getpid())

    os.register_at_fork(after_in_child=in_child)


def become(uid: int, gid: int) -> None:
    """Give up root for good; -1 stays who it is."""
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def main(parent: str, by: str, uid: str, gid: str, way: str, *command: str) -> None:
    """Bind, drop, and turn into the command."""
    # Out of the foreground it may still write, also where the terminal is set to stop that.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    become(int(uid), int(gid))
    # After the drop: a change of user clears the kernel's note.
    bind(int(parent), by=int(by))
    if way == "exec":
        os.execvp(command[0], command)  # noqa: S606
    bind_forks()
    sys.argv = list(command)
    sys.path[0] = os.getcwd()  # noqa: PTH109
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
