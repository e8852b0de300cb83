"""How the Jupyter server saves: beside the file, then in its place. However the server ends, a file is whole.

Jupyter's own way (jupyter_server 2.21) is to copy the old text to a hidden file and to write over the old one. A server
that is killed in the middle leaves half a file, or an empty one.
"""

import asyncio
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from jupyter_server.services.contents.filecheckpoints import AsyncFileCheckpoints
from jupyter_server.services.contents.fileio import AsyncFileManagerMixin
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError
from traitlets import default

from tricknet.files import NO_SPACE


class _Whole(AsyncFileManagerMixin):
    """Writes files beside their names and renames them."""

    @contextmanager
    def atomic_writing(
        self, os_path: str, text: bool = True, encoding: str = "utf-8", **options: Any
    ) -> Iterator[IO[Any]]:
        path = Path(os_path).resolve()  # a link stays a link
        if not _replaceable(path):
            with super().atomic_writing(os_path, text=text, encoding=encoding, **options) as file:
                yield file
            return
        part = _hidden(path, "part")
        kind = {"mode": "w", "encoding": encoding, "newline": "\n"} if text else {"mode": "wb"}
        with self.perm_to_403(os_path):
            try:
                with part.open(**(kind | options)) as file:
                    yield file
                _put(part, path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    async def _copy(self, source: str, target: str) -> None:
        """A checkpoint is made, or a reader goes back to one."""
        path = Path(target).resolve()
        if not _replaceable(path):
            await super()._copy(source, target)
            return
        part = _hidden(path, "part")
        await super()._copy(source, str(part))
        _put(part, path)


class WholeCheckpoints(_Whole, AsyncFileCheckpoints):
    """Jupyter's checkpoints, each whole."""


class WholeFileManager(_Whole, AsyncLargeFileManager):
    """Jupyter's files, each whole; an upload that comes in pieces has its name once the last piece is there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._turn = asyncio.Lock()  # two browsers may save the same notebook at once

    @default("checkpoints_class")
    def _checkpoints(self) -> type[AsyncFileCheckpoints]:
        return WholeCheckpoints

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        target = Path(self._get_os_path(path)).resolve()
        async with self._turn:
            saved: dict[str, Any]
            if model.get("chunk") is not None and _replaceable(target):
                saved = await self._save_piece(model, path.strip("/"), target)
            else:
                saved = await self._save_whole(model, path)
            return saved

    async def _save_whole(self, model: dict[str, Any], path: str) -> dict[str, Any]:
        try:
            saved: dict[str, Any] = await super().save(model, path)
        except HTTPError as error:
            if getattr(error.__cause__, "errno", None) not in NO_SPACE:
                raise
            name = path.rpartition("/")[2]
            sentence = (
                f"{name} could not be saved: the disk is full. Delete files that you no longer need, and save again."
            )
            raise HTTPError(507, sentence) from error
        return saved

    async def _save_piece(self, model: dict[str, Any], path: str, target: Path) -> dict[str, Any]:
        """One of an upload's pieces, which are numbered 1, 2, ..., and -1 for the last."""
        folder, _, name = path.rpartition("/")
        upload = _hidden(target, "upload")
        write = self._save_file if model["chunk"] == 1 else self._save_large_file
        try:
            await write(str(upload), model.get("content", ""), model.get("format"))
            if model["chunk"] == -1:
                _put(upload, target)
                folder = path
        except OSError as error:
            raise HTTPError(500, f"{name} could not be uploaded: {error.strerror}.") from error
        saved: dict[str, Any] = await self.get(folder, content=False)  # until it is there, it is as its folder is
        return saved | {"type": "file", "name": name, "path": path}


def _hidden(path: Path, what: str) -> Path:
    """Where the text waits for its name. docker/put_lessons.py removes what a server that was killed left there."""
    return path.with_name(f".{path.name}.{what}")


def _replaceable(path: Path) -> bool:
    """May a new file take this one's place? Not if it then had another owner, or another name showed the old one."""
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return False
    try:
        old = path.stat()
    except FileNotFoundError:
        return True
    mine = os.geteuid() in (0, old.st_uid)
    return mine and stat.S_ISREG(old.st_mode) and old.st_nlink == 1 and os.access(path, os.W_OK)


def _put(part: Path, path: Path) -> None:
    """Give a file that is written its name, with the old one's owner and mode, and have all of it on the disk."""
    with suppress(FileNotFoundError):
        old = path.stat()
        part.chmod(stat.S_IMODE(old.st_mode))
        with suppress(PermissionError):  # a group that the reader has left
            shutil.chown(part, old.st_uid, old.st_gid)
    _on_the_disk(part)
    try:
        part.replace(path)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        # A file that is mounted by itself, say.
        raise HTTPError(409, f"{path.name} is a mount and cannot be replaced. Save under a different name.") from error
    with suppress(OSError):  # some file systems cannot do this
        _on_the_disk(path.parent)


def _on_the_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
