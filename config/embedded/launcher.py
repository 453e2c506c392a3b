"""Starts a program that the kernel ends when its parent ends, even by kill -9.

Run by path, so that no other module of this package is imported:

    launcher.py PARENT SIGNAL UID GID exec   PROGRAM ARGUMENT…
    launcher.py PARENT SIGNAL UID GID module NAME    ARGUMENT…

`exec` replaces this process by the program; the program's children are not bound. `module` runs a
Python module and binds every process that it forks in the same way. UID and GID are those to switch
to, or -1. On systems other than Linux the program is started unbound.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def bind(parent: int, *, by: int) -> None:
    """Let the kernel send this process signal `by` when `parent` ends; exit now if it has ended."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os._exit(1)


def bind_forks() -> None:
    """Bind every process forked from now on to the process that forks it."""
    ancestors = [os.getpid()]

    def in_child() -> None:
        bind(ancestors[-1], by=signal.SIGKILL)
        ancestors.append(os.getpid())

    os.register_at_fork(after_in_child=in_child)


def main(parent: str, by: str, uid: str, gid: str, way: str, *command: str) -> None:
    """Switch user, bind to the parent, and run the command."""
    if int(uid) >= 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    # After the switch: a change of user clears the binding.
    bind(int(parent), by=int(by))
    if way == "exec":
        os.execvp(command[0], command)  # noqa: S606
    bind_forks()
    sys.argv = list(command)
    sys.path[0] = os.getcwd()  # noqa: PTH109
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
