"""Resident memory of a process and all its descendants."""

from __future__ import annotations

from pathlib import Path

MEGABYTE = 1024


def resident(pid: int) -> dict[str, int]:
    """Proportional memory in MB by process name; shared pages are counted once."""
    sizes: dict[str, int] = {}
    for process in descendants(pid):
        name, size = _name(process), _size(process)
        sizes[name] = sizes.get(name, 0) + size
    return sizes


def descendants(pid: int) -> list[int]:
    """The process and everything below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parent = _parent(int(entry.name))
            if parent is not None:
                parents.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        process = queue.pop()
        found.append(process)
        queue += parents.get(process, [])
    return found


def _parent(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])


def _name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ").split()
    except OSError:
        return "gone"
    for part in ("gateway", "rasa", "actions", "up", "worker"):
        if part in words:
            return part
    return "postgres" if "postgres" in " ".join(words) else "other"


def _size(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    sizes = [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return sum(sizes) // MEGABYTE
