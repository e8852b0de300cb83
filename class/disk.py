"""A pupil's disk: a file as large as DISK says, with a file system in it, behind a loop device that Docker mounts.

On an ordinary machine no other limit for one volume holds: Docker's own needs XFS, mounted with pquota, and whoever
measures folders now and then is late, and does not see files that are open and deleted. A full disk says so to whoever
writes; everything on it can be read and deleted. The Hub uses this file, and so do copy.sh and delete.sh:

    python3 -m disk name PUPIL | attach VOLUME DEVICE | detach DEVICE...
"""

import fcntl
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

DISKS = Path("/disks")
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
    """Put the disk of a volume, which may be there already, behind its loop device. Raises DiskError."""
    if attached(device) == image(volume).name:
        return
    detach(device)
    node(device)
    run("losetup", device, image(volume))


def prepare(volume: str, device: str, size: int) -> None:
    """Make the disk of a volume, or let it grow to `size` bytes; mend what a power cut has left. Raises DiskError."""
    detach(device)
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
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as error:
            file.truncate(before)
            raise DiskError(
                f"The class's computer has no room for a disk of {size:,} bytes ({error.strerror}). Tell your teacher."
            ) from error


def detach(device: str) -> None:
    """Let the disk go. Raises DiskError if somebody else uses it."""
    if not attached(device):
        return
    node(device)
    run("losetup", "--detach", device)
    end = time.monotonic() + 20
    while attached(device):
        if time.monotonic() > end:
            raise DiskError("Your disk is in use: somebody copies it, perhaps. Try again in a minute.")
        time.sleep(0.1)


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
        case ["detach", *devices]:
            for device in devices:
                detach(device)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DiskError as error:
        sys.exit(str(error))
