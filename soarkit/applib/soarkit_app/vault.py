"""The vault functions, as apps find them in ``phantom.vault`` and ``phantom.rules`` (connector API, section 4).

The files themselves are the host's business: each function asks it, and gives the API's own failure value when there
is none. Only the temporary folder works without.
"""

from __future__ import annotations

import os

from soarkit_app import jsonsafe, paths, session
from soarkit_app.messages import exception_text, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

_PIECE = 1 << 20  # characters or bytes of contents that are written at a time


def get_vault_tmp_dir() -> str:
    """The folder in which to prepare files for the vault; it exists, and is ``PHANTOM_VAULT`` + "/tmp"."""
    return paths.vault_tmp()


def vault_add(
    container: Any = None, file_location: Any = None, file_name: Any = None, metadata: Any = None, trace: bool = False
) -> Tuple[bool, str, Optional[str]]:
    """Add a file. :return: status, message, vault id"""
    try:
        answer: Any = session.current.call(
            "vault_add",
            container=jsonsafe.plain(container),
            file_location=_location(file_location),
            file_name=_name(file_name),
            metadata=jsonsafe.plain(metadata),
        )
        status, message, vault_id = answer
    except Exception as error:
        return False, exception_text(error), None
    return bool(status), message, vault_id


def vault_info(
    vault_id: Any = None,
    file_name: Any = None,
    container_id: Any = None,
    trace: bool = False,
    download_file: bool = True,
) -> Tuple[bool, str, List[Dict[str, Any]]]:
    """Find files. :return: status, message, entries; False and [] when there is none"""
    try:
        answer: Any = session.current.call("vault_info", **_wanted(vault_id, file_name, container_id))
        status, message, entries = answer
        return bool(status), message, list(entries)
    except Exception as error:
        return False, exception_text(error), []


def vault_delete(
    vault_id: Any = None, file_name: Any = None, container_id: Any = None, remove_all: bool = False, trace: bool = False
) -> Tuple[bool, str, List[str]]:
    """Delete files; more than one only with ``remove_all``. :return: status, message, names of the deleted files"""
    try:
        answer: Any = session.current.call(
            "vault_delete", remove_all=bool(remove_all), **_wanted(vault_id, file_name, container_id)
        )
        status, message, names = answer
        return bool(status), message, list(names)
    except Exception as error:
        return False, exception_text(error), []


def create_attachment(
    file_contents: Any, container_id: Any, file_name: Any = None, metadata: Any = None
) -> Dict[str, Any]:
    """Add a file by its contents, text or bytes. :return: the attachment dict; a failed one for anything else"""
    import tempfile

    if not isinstance(file_contents, (str, bytes, bytearray, memoryview)):  # bytes(5) would be five zero bytes
        return _failed_attachment(f"the contents of a file are text or bytes, not {type(file_contents).__name__}")
    try:
        descriptor, path = tempfile.mkstemp(dir=get_vault_tmp_dir())
        try:
            with open(descriptor, "wb") as file:
                for start in range(0, len(file_contents), _PIECE):
                    piece = file_contents[start : start + _PIECE]
                    file.write(piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece)
            return add_attachment(path, container_id, file_name or os.path.basename(path), metadata)
        finally:
            os.unlink(path)
    except Exception as error:
        return _failed_attachment(f"the file cannot be prepared: {exception_text(error)}")


def add_attachment(
    file_location: Any, container_id: Any, file_name: Any = None, metadata: Any = None
) -> Dict[str, Any]:
    """Add a file by its path. :return: the attachment dict; never raises for a missing file"""
    try:
        answer: Any = session.current.call(
            "add_attachment",
            file_location=_location(file_location),
            container_id=jsonsafe.plain(container_id),
            file_name=_name(file_name),
            metadata=jsonsafe.plain(metadata),
        )
        return dict(answer)
    except Exception as error:
        return _failed_attachment(exception_text(error))


def _location(file_location: Any) -> str:
    """The path of a file to add, as the host understands it. :raises TypeError, ValueError: what was given is none"""
    path = os.fsdecode(file_location)
    if not path:
        raise ValueError("the location of the file is empty")
    return os.path.abspath(path)


def _name(file_name: Any) -> Optional[str]:
    """The name to give to a file; None: that of its path."""
    if isinstance(file_name, (bytes, os.PathLike)):
        return os.fsdecode(file_name)
    return text_of(file_name) if file_name else None


def _wanted(vault_id: Any, file_name: Any, container_id: Any) -> Dict[str, Any]:
    """Which files are meant, as the host is asked."""
    return {
        "vault_id": text_of(vault_id) if vault_id else None,
        "file_name": _name(file_name),
        "container_id": jsonsafe.plain(container_id),
    }


def _failed_attachment(reason: str) -> Dict[str, Any]:
    return {"succeeded": False, "failed": True, "message": reason, "error": reason}


def get_file_path(vault_id: Any) -> str:
    """The path of a file in the vault. :raises ValueError: there is no such file"""
    _, message, entries = vault_info(vault_id=vault_id)
    if not entries:
        raise ValueError(message or f"the vault has no file {vault_id}")
    return str(entries[0]["path"])


def get_vault_file(file_hash: Any) -> str:
    """The path of a file in the vault, by its hash. :raises ValueError: there is no such file"""
    return get_file_path(file_hash)


def get_file_info(vault_id: Any = None, file_name: Any = None, container_id: Any = None) -> List[Dict[str, Any]]:
    """Entries of the files found."""
    return vault_info(vault_id=vault_id, file_name=file_name, container_id=container_id)[2]


def get_meta_by_hash(container_id: Any, vault_id: Any, calculate: bool = False) -> List[Any]:
    """The metadata of a file, first of the list; [] when there is none."""
    return [entry.get("metadata") for entry in get_file_info(vault_id=vault_id, container_id=container_id)]


class Vault:
    """The same functions, under the name that most apps import."""

    get_vault_tmp_dir = staticmethod(get_vault_tmp_dir)
    create_attachment = staticmethod(create_attachment)
    add_attachment = staticmethod(add_attachment)
    get_file_path = staticmethod(get_file_path)
    get_file_info = staticmethod(get_file_info)
    get_meta_by_hash = staticmethod(get_meta_by_hash)
