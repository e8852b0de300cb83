"""A pupil's disk: a file as large as DISK says, with a file system in it, behind a loop device that Docker mounts.

On an ordinary machine no other limit for one volume holds: Docker's own needs XFS, mounted with pquota, and whoever
measures folders now and then is late, and does not see files that are open and deleted. A full disk says so to whoever
writes; everything on it can be read and deleted. The Hub uses this file, and so do copy.sh and delete.sh:

    python3 -m disk name PUPIL | attach VOLUME DEVICE | volumes | delete VOLUME...
"""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

DISKS = Path("/disks")
SPARE = 2 << 30  # bytes that stay free for the computer itself
FIRST = 1000  # number of our first loop device: others take the lowest ones that are free
OWNER = "1000:1000"  # the image's user
ADD_DEVICE = 0x4C80  # LOOP_CTL_ADD, of linux/loop.h
CONTROL, LOOPS = os.makedev(10, 237), 7  # devices' numbers are the same in every Linux


class DiskError(Exception):
    """What a pupil is told whose disk cannot be used."""

    @property
    def jupyterhub_message(self) -> str:
        return str(self)


def attach(volume: str, device: str) -> None:
    """Put the disk of a volume behind its loop device, where it may be already. Raises DiskError."""
    if attached(device) == image(volume).name:
        return
    node(device)
    run("losetup", device, image(volume))


def prepare(volume: str, device: str, size: int) -> None:
    """Make the disk of a volume, or let it grow to `size` bytes; mend what a power cut has left. Raises DiskError.

    One that is still mounted is in order, and stays as it is: where somebody copies it, or after a crash of Docker's,
    whose mounts outlive it.
    """
    if not detach(device):
        return
    disk = image(volume)
    if not disk.exists():
        part = disk.with_suffix(".part")
        part.unlink(missing_ok=True)
        allocate(part, size)
        run("mkfs.ext4", "-q", "-m", 0, "-E", f"root_owner={OWNER}", part)
        allocate(part, size)  # mkfs gives room back
        part.rename(disk)
    run("e2fsck", "-p", disk, allowed=(0, 1))
    if disk.stat().st_size < size:
        allocate(disk, size)
        run("e2fsck", "-fp", disk, allowed=(0, 1))
        run("resize2fs", disk)


def allocate(disk: Path, size: int) -> None:
    """Take the space at once: if all disks together grew larger than the machine's, each of them would break."""
    before = disk.stat().st_size if disk.exists() else 0
    with disk.open("ab") as file:
        try:
            if shutil.disk_usage(DISKS).free < size - before + SPARE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            file.truncate(before)
            raise DiskError(
                f"The class's computer has no room for a disk of {size:,} bytes ({error.strerror}). Tell your teacher."
            ) from error


def detach(device: str) -> bool:
    """Let the disk go. One that is mounted, in whatever container, stays, and this returns False. Raises DiskError."""
    if not attached(device):
        return True
    node(device)
    try:
        os.close(os.open(device, os.O_RDONLY | os.O_EXCL))
    except OSError:
        return False
    run("losetup", "--detach", device)
    end = time.monotonic() + 20
    while attached(device) and time.monotonic() < end:
        time.sleep(0.1)
    return not attached(device)


def delete(volume: str) -> None:
    """Delete the disk of a volume that Docker has forgotten. Raises DiskError."""
    for block in Path("/sys/block").glob("loop*"):
        if attached(block.name) == image(volume).name and not detach(f"/dev/{block.name}"):
            raise DiskError(f"{volume} is still mounted, and stays. Restart the computer, and delete it again.")
    image(volume).unlink(missing_ok=True)


def volumes() -> set[str]:
    """Those that have a disk: all of this class."""
    return {disk.stem for disk in DISKS.glob("*.img")}


def attached(device: str) -> str:
    """The name of the file behind a loop device; empty if there is none."""
    with suppress(FileNotFoundError):
        return Path(f"/sys/block/{Path(device).name}/loop/backing_file").read_text().strip().rpartition("/")[2]
    return ""


def image(volume: str) -> Path:
    return DISKS / f"{volume}.img"


def node(device: str) -> None:
    """Have the kernel make a loop device, and see it in this container."""
    control = Path("/dev/loop-control")
    number = int(device.removeprefix("/dev/loop"))
    with suppress(FileExistsError):
        os.mknod(control, 0o20600, CONTROL)
    with control.open("rb") as file, suppress(FileExistsError):
        fcntl.ioctl(file, ADD_DEVICE, number)
    with suppress(FileExistsError):
        os.mknod(device, 0o60600, os.makedev(LOOPS, number))


def run(*words: object, allowed: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run([*map(str, words)], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode not in allowed:
        print(*words, done.stdout, file=sys.stderr)
        raise DiskError(f"Your disk cannot be used: {words[0]} failed. Your teacher can see why in the Hub's log.")


def name(pupil: str) -> str:
    """The name of a pupil's container, network and volume, out of the one that the pupil types."""
    from dockerspawner import DockerSpawner
    from jupyterhub.auth import Authenticator

    return f"{os.environ['COMPOSE_PROJECT_NAME']}-{DockerSpawner().escape(Authenticator().normalize_username(pupil))}"


def main(words: list[str]) -> None:
    match words:
        case ["name", pupil]:
            print(name(pupil))
        case ["attach", volume, device]:
            attach(volume, device)
        case ["volumes"]:
            print(*volumes())
        case ["delete", *names]:
            for volume in names:
                delete(volume)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DiskError as error:
        sys.exit(str(error))
