"""Which kinds of files a browser of staff may show in place.

Pictures, sounds and films: nothing that could hold a script. All else is saved as a file.
"""

from __future__ import annotations

_INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/ogg",
        "audio/opus",
        "audio/mpeg",
        "audio/mp4",
        "audio/aac",
        "audio/amr",
        "audio/wav",
        "audio/webm",
        "video/mp4",
        "video/3gpp",
        "video/webm",
    }
)


def plain_type(mime_type: str) -> str:
    """Give a type without its parameters (`audio/ogg; codecs=opus`)."""
    return mime_type.partition(";")[0].strip().lower()


def is_inline(mime_type: str) -> bool:
    """Tell whether a file of this type is shown in place."""
    return plain_type(mime_type) in _INLINE
