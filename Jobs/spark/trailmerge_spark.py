#!/usr/bin/env python3
"""Runs a trailmerge job on Apache Spark: the same binary, the same bytes.

    spark-submit trailmerge_spark.py JOB.yaml --source s3://my-trail --target s3://my-lake/trail

Map tasks fetch a group of files, run the job on them, and cut what comes out by event day. Reduce tasks
merge the pieces of a day and stage its files in the target. The driver merges what describes the days,
without their files, and commits with a journal. The target then equals the dataset of one
`trailmerge run` over all files, whatever tasks died, were repeated or ran twice.

Spark does scheduling, shuffle and retries. README.md beside this file says how to run it. All is in one
file, since that is what spark-submit sends to a cluster.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import fcntl
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import fsspec

OWN = "_trailmerge"
MANIFEST = f"{OWN}/manifest.json"
JOURNAL = f"{OWN}/journal.ndjson"
STAGING = f"{OWN}/staging"
RUNS = f"{OWN}/runs"
# Folders and files of ours that no manifest names, and that are no files of outputs either.
UNNAMED = (f"{OWN}/runs/", f"{OWN}/seen/", f"{OWN}/staging/", f"{OWN}/temporary/", f"{OWN}/lock")

# A piece without a day: what is known of files that gave no record.
REST = "rest"
# PySpark holds up to 1000 rows of a shuffle in memory before it looks at how much that is.
CHUNK_BYTES = 256 << 10
# Transfers that one process has under way.
TRANSFERS = 16
# Folders that a listing goes down to before it lists what is below each.
FOLDERS = 500


class Problem(Exception):
    """What ends a run: an exit status of trailmerge, and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    def __str__(self) -> str:
        # Spark passes on the text of an error, and nothing else.
        return f"trailmerge_spark[{self.status}]: {self.message}"

    @classmethod
    def found_in(cls, error: BaseException) -> Problem:
        """The problem that a task ended with, or the error itself."""
        found = re.search(r"trailmerge_spark\[(\d+)\]: (.*)", str(error))
        if found:
            return cls(int(found.group(1)), found.group(2).strip())
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        # The end of a task's own traceback, else what Spark says.
        raised = [line for line in lines if re.match(r"[A-Za-z_.]*(Error|Exception|Interrupt): ", line)]
        told = [line for line in lines if "Job aborted" in line]
        return cls(1, (raised or told or lines or [type(error).__name__])[0])


# --- Places -----------------------------------------------------------------------------------------


def is_inside(key: str) -> bool:
    """Whether a key is a path of plain names: relative, without `.`, `..` and empty parts."""
    return all(part not in ("", ".", "..") and "\0" not in part for part in key.split("/"))


def place_of(key: str) -> str:
    """The path that a key has on a disk: `logs//AWSLogs` and `logs/AWSLogs` are one folder there."""
    return "/".join(part for part in key.split("/") if part)


def parsed(data: bytes) -> Any:
    """JSON as the binary writes it: names of files need not be UTF-8."""
    return json.loads(data.decode("utf-8", "surrogateescape"))


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def make_folders(path: str) -> None:
    """Makes a folder and those above it, for the owner and the group only."""
    if path and not os.path.isdir(path):
        make_folders(os.path.dirname(path))
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o750)


class Store:
    """A folder at a URL that fsspec knows. Keys are paths relative to it."""

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self.url = url.rstrip("/")
        try:
            self.fs, root = fsspec.core.url_to_fs(url, **options)
        except (ImportError, ValueError) as error:
            raise Problem(64, f"{url}: {error}") from error
        self.root = root.rstrip("/")

    def path(self, key: str) -> str:
        return f"{self.root}/{key}" if key else self.root

    def list(self, key: str = "") -> Iterator[tuple[str, int]]:
        """The objects below a key, in order, with their sizes; nothing where there is nothing."""
        objects: list[tuple[str, int]] = []

        def add(infos: Iterable[dict[str, Any]]) -> None:
            for info in infos:
                path = info["name"]
                # The mark of an empty folder is no file.
                if info["type"] == "file" and not path.endswith("/"):
                    objects.append((path[len(self.root) + 1 :], int(info["size"] or 0)))

        self.fs.invalidate_cache()
        folders = [self.path(key)]
        # What is known of an object takes kilobytes: all are never known at once, but folder by folder.
        while folders and len(folders) < FOLDERS:
            entries = each(self._entries, folders)
            nested = [info["name"] for infos in entries for info in infos if info["type"] == "directory"]
            # A folder without a name (`logs//AWSLogs/…`), which only `find` goes into.
            if any(name.endswith("/") for name in nested) or set(nested).intersection(folders):
                break
            for infos in entries:
                add(infos)
            folders = sorted(nested)
        each(lambda folder: add(self.fs.find(folder, detail=True).values()), folders)
        self.fs.invalidate_cache()
        yield from sorted(objects)

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        try:
            return self.fs.ls(folder, detail=True)
        except FileNotFoundError:
            return []

    def read(self, key: str) -> bytes | None:
        """The bytes of an object; None if there is none."""
        try:
            return self.fs.cat_file(self.path(key))
        except FileNotFoundError:
            return None

    def get(self, key: str, path: str) -> None:
        self.fs.get_file(self.path(key), path)

    def put(self, path: str, key: str) -> None:
        """Puts a file in place, whole or not at all."""
        self.fs.put_file(path, self.path(key))

    def write(self, key: str, data: bytes) -> None:
        self.fs.pipe_file(self.path(key), data)

    def create(self, key: str, data: bytes) -> bool:
        """Writes an object unless there is one; says whether it did."""
        try:
            self.fs.pipe_file(self.path(key), data, mode="create")
            return True
        except FileExistsError:
            return False
        except (TypeError, NotImplementedError):
            pass  # The store has no conditional put: two drivers that begin at once are then not told apart.
        if self.read(key) is not None:
            return False
        self.write(key, data)
        return self.read(key) == data

    def move(self, key: str, target: str) -> None:
        """Makes the target hold what is at a key, which may stay until it is removed."""
        self.fs.copy(self.path(key), self.path(target))

    def remove(self, keys: Iterable[str]) -> None:
        """Removes objects that may be gone already."""
        for key in keys:
            with contextlib.suppress(FileNotFoundError):
                self.fs.rm_file(self.path(key))

    def remove_below(self, key: str) -> None:
        """Removes all that is below a key."""
        each(lambda key: self.remove([key]), [key for key, _ in self.list(key)])

    def sync(self) -> None:
        """Waits until what was written is durable."""

    @contextlib.contextmanager
    def locked(self, wait: int, breaks: bool) -> Iterator[None]:
        """Holds the lock of the target, an object that says who has it."""
        key = f"{OWN}/cluster-lock.json"
        owner = {"host": socket.gethostname(), "process": os.getpid(), "since": now()}
        data = json.dumps({**owner, "token": uuid.uuid4().hex}).encode()
        if breaks:
            self.remove([key])
        end = time.monotonic() + wait
        while not self.create(key, data):
            if time.monotonic() >= end:
                holder = (self.read(key) or b"").decode(errors="replace")
                raise Problem(
                    11,
                    f"another run holds the lock {self.url}/{key} ({holder}): wait for it; "
                    "if that driver is dead, use --break-lock",
                )
            time.sleep(2)
        try:
            yield
        finally:
            if self.read(key) == data:
                self.remove([key])


class LocalStore(Store):
    """A folder of this machine, or of a file system that all machines share."""

    def list(self, key: str = "") -> Iterator[tuple[str, int]]:
        top = self.path(key)
        found: list[tuple[str, int]] = []

        def fail(error: OSError) -> None:
            if not (isinstance(error, FileNotFoundError) and error.filename == top):
                raise error

        for folder, folders, files in os.walk(top, onerror=fail, followlinks=True):
            above = os.path.realpath(folder)
            folders[:] = [
                name
                for name in folders
                if not f"{above}/".startswith(os.path.realpath(os.path.join(folder, name)) + "/")
            ]
            for name in files:
                path = os.path.join(folder, name)
                with contextlib.suppress(FileNotFoundError):  # A link that leads nowhere.
                    found.append((path[len(self.root) + 1 :], os.stat(path).st_size))
        yield from sorted(found)

    def read(self, key: str) -> bytes | None:
        try:
            return pathlib.Path(self.path(key)).read_bytes()
        except FileNotFoundError:
            return None

    def get(self, key: str, path: str) -> None:
        shutil.copyfile(self.path(key), path)

    def put(self, path: str, key: str) -> None:
        with open(path, "rb") as source:
            self._write(key, source)

    def write(self, key: str, data: bytes) -> None:
        self._write(key, io.BytesIO(data))

    def _write(self, key: str, source: Any) -> None:
        # Below the staging area, where a process that dies leaves no stray file.
        temporary = self.path(f"{STAGING}/{uuid.uuid4().hex}.tmp")
        make_folders(os.path.dirname(temporary))
        make_folders(os.path.dirname(self.path(key)))
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with open(file, "wb") as output:
            shutil.copyfileobj(source, output, 1 << 20)
        os.replace(temporary, self.path(key))

    def move(self, key: str, target: str) -> None:
        make_folders(os.path.dirname(self.path(target)))
        os.replace(self.path(key), self.path(target))

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            with contextlib.suppress(FileNotFoundError):
                os.remove(self.path(key))
            folder = os.path.dirname(key)
            while folder:
                try:
                    os.rmdir(self.path(folder))
                except OSError:
                    break
                folder = os.path.dirname(folder)

    def remove_below(self, key: str) -> None:
        shutil.rmtree(self.path(key), ignore_errors=True)

    def sync(self) -> None:
        os.sync()

    @contextlib.contextmanager
    def locked(self, wait: int, breaks: bool) -> Iterator[None]:
        """Holds the lock that `trailmerge run` takes too; it goes with this process."""
        make_folders(self.path(OWN))
        path = self.path(f"{OWN}/lock")
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o640), "r+b") as file:
            end = time.monotonic() + wait
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= end:
                        raise Problem(11, f"another run holds the lock {path}: wait for it") from None
                    time.sleep(1)
            yield


def open_store(url: str, options: dict[str, Any]) -> Store:
    return LocalStore(url, {}) if url.startswith("file://") else Store(url, options)


def absolute(url: str) -> str:
    """A URL; a path on this machine becomes one."""
    return url if "://" in url else f"file://{os.path.abspath(url)}"


def each(body: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Does something with all items, a few at once; raises the first error."""
    with ThreadPoolExecutor(TRANSFERS) as pool:
        return list(pool.map(body, items))


def fetch(store: Store, keys: Iterable[str], folder: str) -> dict[str, str]:
    """Copies objects into a folder; gives those that are not there or may not be read, with the reason."""

    def get(key: str) -> tuple[str, str] | None:
        path = os.path.join(folder, place_of(key))
        for attempt in range(4):
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                store.get(key, path)
                return None
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                return key, "its key is also the folder of another"
            except (FileNotFoundError, PermissionError) as error:
                with contextlib.suppress(FileNotFoundError):
                    os.remove(path)
                return key, "permission denied" if isinstance(error, PermissionError) else "is gone"
            except Exception as error:  # What a network does, each file system calls by another name.
                if attempt == 3:
                    raise Problem(1, f"{store.url}/{key}: {error}") from error
                time.sleep(2**attempt)
        return None

    return dict(failed for failed in each(get, keys) if failed is not None)


# --- The job ----------------------------------------------------------------------------------------


class Job:
    """A job as `trailmerge check` prints it: the text of each key, as lines of YAML."""

    # What one machine does for itself, and a cluster cannot or need not.
    REFUSED: ClassVar[dict[str, str]] = {
        "metricsFile": "the driver's disk is no place for it: use --report json",
        "failIfStale": "use `trailmerge status` on the target",
    }

    def __init__(self, text: str) -> None:
        self.blocks: dict[str, str] = {}
        key = ""
        for line in text.splitlines(keepends=True):
            if line.strip() and not line[0].isspace():
                key = line.split(":", 1)[0]
            self.blocks[key] = self.blocks.get(key, "") + line

    def value(self, key: str) -> str:
        """The value of a key that is one line, without quotes; empty if there is none."""
        return unquoted(self.blocks.get(key, ":").split(":", 1)[1])

    def values(self, key: str) -> list[str]:
        """The values of a list on one line, or the only value."""
        text = self.value(key)
        if not text.startswith("["):
            return [text] if text else []
        return [unquoted(item) for item in re.findall(r'"(?:[^"\\]|\\.)*"|[^,\[\]]+', text)]

    @property
    def inputs(self) -> list[str]:
        """What the files of each input are known by."""
        names: list[str] = []
        for key, value in re.findall(r"(path|name): (.*)", self.blocks["inputs"]):
            if key == "path":
                names.append(os.path.basename(unquoted(value).rstrip("/")))
            else:
                names[-1] = unquoted(value)
        return names

    @property
    def outputs_have(self) -> list[list[str]]:
        """The keys that each output is partitioned by."""
        lists = re.findall(r"partitionBy: \[(.*?)\]", self.blocks["outputs"])
        return [[key.strip() for key in keys.split(",")] for keys in lists]

    def unit(self, day: str) -> str:
        """What is merged at once with an event day: that day, or the longest period of a partition."""
        length = 10
        for keys in self.outputs_have:
            if "dt" not in keys:
                length = min(length, 7 if "month" in keys else 4 if "year" in keys else 0)
        return day[:length] or "all"

    def check(self) -> None:
        """Refuses what makes no sense on a cluster."""
        if self.value("incremental") == "false":
            raise Problem(64, "incremental: a rebuild on a cluster is a run into a new target")
        for key, advice in self.REFUSED.items():
            if key in self.blocks:
                raise Problem(64, f"{key}: {advice}")
        times = r"\b(from|to|deliveredFrom|deliveredTo): (.*)"
        for key, value in re.findall(times, self.blocks.get("select", "")):
            if not re.match(r'"?\d{4}-', value):
                raise Problem(
                    64, f"select.{key}: {value.strip()} means another time in each task: give a date"
                )

    def text(self, folder: str, **values: Any) -> str:
        """A job with other values for some keys, given as JSON, with its key files in a folder."""
        kept = ("families", "select", "outputs", "maxInflated", "salvage", "validate")
        blocks = {key: self.blocks[key] for key in kept if key in self.blocks}
        if self.value("publicKeys"):
            count = len(self.values("publicKeys"))
            values["publicKeys"] = [f"{folder}/keys-{number}" for number in range(count)]
        if self.value("signatures"):
            values["signatures"] = f"{folder}/signatures"
        blocks.update({key: f"{key}: {json.dumps(value)}\n" for key, value in values.items()})
        return "".join(blocks.values())

    def key_files(self) -> dict[str, bytes]:
        """The files that digests are checked with, by the names that `text` gives them."""
        files = {f"keys-{n}": path for n, path in enumerate(self.values("publicKeys"))}
        if self.value("signatures"):
            files["signatures"] = self.value("signatures")
        return {name: pathlib.Path(path).read_bytes() for name, path in files.items()}


def unquoted(text: str) -> str:
    text = text.strip()
    return json.loads(text) if text.startswith('"') else text


def bounds(unit: str) -> list[str]:
    """The flags of `trailmerge split` for the days of a unit."""
    if unit == "all":
        return ["--from", "0000-01-01"]
    year, month, day = (int(part) for part in (unit + "-01-01")[:10].split("-"))
    # Python knows the years 1 to 9999 only; the calendar is the same every 400 years.
    shift = 400 + year % 400 - year
    first = datetime.date(year + shift, month, day)
    step = {4: 366, 7: 31, 10: 1}[len(unit)]
    end = first + datetime.timedelta(days=step)
    end = end.replace(day=1) if len(unit) == 7 else end
    end = end.replace(month=1, day=1) if len(unit) == 4 else end
    flags = ["--from", f"{year:04}-{month:02}-{day:02}"]
    if end.year - shift <= 9999:
        flags += ["--to", f"{end.year - shift:04}-{end:%m-%d}"]
    return flags


# --- Tasks ------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Setup:
    """What every task is given."""

    job: Job
    key_files: dict[str, bytes]
    binary: str
    is_installed: bool
    sources: dict[str, str]
    target: str
    options: dict[str, Any]
    temp_dir: str | None
    memory: str
    threads: int
    # The manifest of the target; None if it holds nothing yet.
    manifest: bytes | None = None

    def source(self, name: str) -> Store:
        return open_store(self.sources[name], self.options)

    def store(self) -> Store:
        return open_store(self.target, self.options)

    @contextlib.contextmanager
    def folder(self) -> Iterator[str]:
        """A temporary folder with the key files, where Spark removes what a killed task leaves."""
        places = [self.temp_dir] + [
            os.environ.get(name, "").split(",")[0]
            for name in ("LOCAL_DIRS", "SPARK_LOCAL_DIRS", "SPARK_EXECUTOR_DIRS")
        ]
        place = next((place for place in places if place and os.path.isdir(place)), None)
        folder = tempfile.mkdtemp(prefix="trailmerge-", dir=place)
        try:
            for name, data in self.key_files.items():
                pathlib.Path(folder, name).write_bytes(data)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def write_job(self, folder: str, **values: Any) -> str:
        """Writes a derived job into a folder; gives its path."""
        path = os.path.join(folder, f"{uuid.uuid4().hex}.yaml")
        machine = {"memory": self.memory, "threads": self.threads}
        pathlib.Path(path).write_text(self.job.text(folder, **machine, **values))
        return path

    def write_merge_job(self, folder: str) -> str:
        """Writes the job with its own outputs, for merges, which read no inputs."""
        empty = os.path.join(folder, "no-input")
        os.makedirs(empty, exist_ok=True)
        return self.write_job(
            folder,
            name=self.job.value("name"),
            inputs=[{"path": empty}],
            dataset=os.path.join(folder, "dataset"),
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs trailmerge."""
        path = self.binary
        if not self.is_installed:
            from pyspark import SparkFiles

            path = SparkFiles.get(os.path.basename(path))
        try:
            return run_program(path, *arguments)
        except OSError as error:
            raise Problem(
                1, f"{socket.gethostname()} cannot run {path}: {error.strerror}; see --binary"
            ) from error

    def run_or_fail(self, *arguments: str, also: tuple[int, ...] = ()) -> str:
        """Runs trailmerge; gives what it prints unless it failed."""
        done = self.run(*arguments)
        if done.returncode != 0 and done.returncode not in also:
            status = done.returncode if done.returncode in (4, 64) else 1
            raise Problem(status, last_line(done.stderr) or f"{arguments[0]} ended with {done.returncode}")
        return done.stdout


def run_program(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
    )


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("trailmerge: ") if lines else ""


@dataclasses.dataclass(frozen=True)
class Group:
    """Neighbouring files of one input that one task reads."""

    number: int
    input: str
    # The keys as JSON, deflated: there are tens of thousands.
    packed: bytes

    def keys(self) -> list[str]:
        return json.loads(zlib.decompress(self.packed))


@dataclasses.dataclass(frozen=True)
class Chunk:
    """A piece of a file on its way to the task that merges a unit."""

    name: str
    offset: int
    total: int
    data: bytes


def map_group(setup: Setup, group: Group) -> Iterator[tuple[str, Chunk]]:
    """Makes a dataset of a group of files, and cuts it by unit."""
    with setup.folder() as folder:
        keys = group.keys()
        files = os.path.join(folder, "input")
        os.mkdir(files)
        missing = fetch(setup.source(group.input), keys, files)
        shard = os.path.join(folder, "shard")
        job = setup.write_job(
            folder,
            name=setup.job.value("name"),
            inputs=[{"path": files, "name": group.input}],
            dataset=shard,
            outputs=[
                {"format": "ndjson", "partitionBy": ["account", "region", "dt"], "compression": "gzip:1"}
            ],
        )
        printed = setup.run_or_fail("run", job, "--report", "json", "--progress", "never", also=(3, 4))
        report = json.loads(printed)
        if not os.path.exists(os.path.join(shard, MANIFEST)):
            raise Problem(4, report.get("error") or f"{files}: nothing was committed")
        shutil.rmtree(files)
        failures = {f"{group.input}/{place_of(key)}": reason for key, reason in missing.items()}
        fates = json.dumps({"skipped": report["files"]["skipped"], "failures": failures}).encode()
        yield REST, Chunk(f"fates-{group.number}", 0, len(fates), fates)
        yield from cut(setup, shard, folder, group.number)


def cut(setup: Setup, shard: str, folder: str, number: int) -> Iterator[tuple[str, Chunk]]:
    """Cuts a dataset by event day, and gives its pieces bit by bit."""
    pieces = os.path.join(folder, "pieces")
    # More pieces than records: one a day.
    setup.run_or_fail("split", shard, "--into", "1000000000", "-o", pieces)
    for piece in sorted(os.listdir(pieces)):
        path = os.path.join(pieces, piece)
        lists = os.path.join(path, OWN, "partitions")
        days = sorted(os.listdir(lists)) if os.path.isdir(lists) else []
        unit = setup.job.unit(days[0].split(".")[0]) if days else REST
        tar = f"{path}.tar"
        pack(path, tar)
        shutil.rmtree(path)
        total = os.path.getsize(tar)
        with open(tar, "rb") as file:
            for offset in range(0, total, CHUNK_BYTES):
                yield unit, Chunk(f"piece-{number}-{piece}", offset, total, file.read(CHUNK_BYTES))
        os.remove(tar)


def tree(dataset: str) -> dict[str, str]:
    """The files that a dataset's manifest names, and the manifest, with their hashes."""
    manifest = parsed(pathlib.Path(dataset, MANIFEST).read_bytes())
    return {MANIFEST: "", **{file["path"]: file["sha256"] for file in manifest["files"]}}


def all_files(dataset: str) -> list[str]:
    """The files of a dataset but those that no manifest names, relative to it, in order."""
    found = [
        os.path.relpath(os.path.join(folder, name), dataset)
        for folder, _, names in os.walk(dataset)
        for name in names
    ]
    return sorted(path for path in found if not path.startswith(UNNAMED))


def pack(dataset: str, tar: str, only: Iterable[str] | None = None) -> None:
    """Packs a dataset, or some of its files; the same files make the same bytes."""
    with tarfile.open(tar, "w") as output:
        for path in sorted(only) if only is not None else all_files(dataset):
            info = tarfile.TarInfo(path)
            info.size = os.path.getsize(os.path.join(dataset, path))
            with open(os.path.join(dataset, path), "rb") as file:
                output.addfile(info, file)


def unpack(tar: str, folder: str) -> str:
    """Unpacks what `pack` made; gives the folder."""
    with tarfile.open(tar) as input_tar:
        for member in input_tar:
            if not member.isfile() or not is_inside(member.name):
                raise Problem(1, f"{tar}: {member.name} is no file of a dataset")
            path = os.path.join(folder, member.name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            source = input_tar.extractfile(member)
            with open(path, "wb") as output:
                shutil.copyfileobj(source, output, 1 << 20)  # type: ignore[arg-type]
    return folder


@dataclasses.dataclass(frozen=True)
class Unit:
    """A unit that is merged: where what describes it is staged."""

    name: str
    key: str
    # Files that no ledger has: how many were skipped by name, and which could not be fetched.
    skipped: dict[str, int]
    failures: dict[str, str]


def reduce_partition(setup: Setup, chunks: Iterable[tuple[str, Chunk]]) -> Iterator[Unit]:
    """Merges the units of a partition."""
    with setup.folder() as folder:
        received = receive(chunks, folder)
        for unit in sorted(received):
            yield reduce_unit(setup, unit, received[unit], os.path.join(folder, unit))


def receive(chunks: Iterable[tuple[str, Chunk]], folder: str) -> dict[str, list[str]]:
    """Writes chunks to files, whatever their order; gives the files of each unit."""
    counts: dict[str, int] = {}
    totals: dict[str, int] = {}
    units: dict[str, list[str]] = {}
    for unit, chunk in chunks:
        path = os.path.join(folder, unit, chunk.name)
        if path not in counts:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "wb").close()
            units.setdefault(unit, []).append(path)
        with open(path, "r+b") as file:
            file.seek(chunk.offset)
            file.write(chunk.data)
        counts[path] = counts.get(path, 0) + len(chunk.data)
        totals[path] = chunk.total
    for path, count in counts.items():
        if count != totals[path]:
            raise Problem(1, f"{path}: {count} of {totals[path]} bytes arrived")
    return units


def reduce_unit(setup: Setup, unit: str, files: list[str], folder: str) -> Unit:
    """Merges the pieces of a unit with what the target holds of it, and stages the result."""
    skipped: dict[str, int] = {}
    failures: dict[str, str] = {}
    pieces: list[str] = []
    for path in sorted(files):
        if os.path.basename(path).startswith("fates-"):
            fates = json.loads(pathlib.Path(path).read_bytes())
            failures.update(fates["failures"])
            for name, count in fates["skipped"].items():
                skipped[name] = skipped.get(name, 0) + count
        else:
            pieces.append(unpack(path, f"{path}.dataset"))
        os.remove(path)
    store = setup.store()
    if unit != REST:
        pieces += held(setup, store, unit, folder)
    if not pieces:
        return Unit(unit, "", skipped, failures)
    merged = os.path.join(folder, "merged")
    with setup.folder() as own:
        job = setup.write_merge_job(own)
        # 3: it is a piece of the whole, and says so.
        setup.run_or_fail("merge", job, *pieces, "-o", merged, "--quiet", also=(3, 4))
    described = tree(merged)

    def stage(path: str) -> None:
        source = os.path.join(merged, path)
        store.put(source, f"{STAGING}/{sha256(source)}/{path}")

    tar = os.path.join(folder, "described.tar")
    pack(merged, tar, described)
    key = f"{STAGING}/{sha256(tar)}/{unit}.tar"
    try:
        each(stage, [path for path in all_files(merged) if path not in described])
        store.put(tar, key)
    except PermissionError as error:
        raise Problem(1, f"{store.url} may not be written to: {error}") from error
    shutil.rmtree(folder)
    return Unit(unit, key, skipped, failures)


def sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def held(setup: Setup, store: Store, unit: str, folder: str) -> list[str]:
    """What the target holds of a unit, as one more piece; none if it holds nothing."""
    if setup.manifest is None:
        return []
    names = [file["path"] for file in parsed(setup.manifest)["files"]]
    wanted = [name for name in names if describes(name, unit)]
    if not any(name.startswith(f"{OWN}/index/") for name in wanted):
        return []
    target = os.path.join(folder, "target")
    os.makedirs(os.path.join(target, OWN))
    pathlib.Path(target, MANIFEST).write_bytes(setup.manifest)
    fetch_all(store, wanted, target)
    parts: list[str] = []
    for name in wanted:
        if name.startswith(f"{OWN}/partitions/"):
            parts += parts_of(os.path.join(target, name))
    fetch_all(store, parts, target)
    piece = os.path.join(folder, "held")
    setup.run_or_fail("split", target, "--records-only", *bounds(unit), "-o", piece)
    shutil.rmtree(target)
    return [piece]


def describes(name: str, unit: str) -> bool:
    """Whether a file of the tree is about event days of a unit."""
    folder, _, file = name.rpartition("/")
    kind = folder.rpartition("/")[2]
    if kind not in ("partitions", "index", "identities", "conflicts"):
        return False
    # `2026-11-19.ndjson`, `events-2026-11-19.index`, `2026-11.ndjson`, `all.ndjson`
    found = re.search(r"(\d{4}(-\d\d){0,2}|all)\.\w+$", file)
    return unit == "all" or found is not None and found.group(1).startswith(unit)


def parts_of(path: str) -> list[str]:
    """The files that a list of partitions names."""
    with open(path, "rb") as lines:
        folders = [parsed(line) for line in lines]
    return [
        f"{line['folder']}/{part['name']}" for line in folders if "folder" in line for part in line["parts"]
    ]


def fetch_all(store: Store, keys: Iterable[str], folder: str) -> None:
    """Copies files of the target."""
    missing = fetch(store, keys, folder)
    if missing:
        key, reason = min(missing.items())
        raise Problem(
            1 if reason == "permission denied" else 4,
            f"{store.url}/{key}: {reason}; the target was changed from outside, or may not be read",
        )


def partition_of(unit: str) -> int:
    """Spreads units over partitions: neighbouring days evenly."""
    try:
        return datetime.date.fromisoformat(unit).toordinal()
    except ValueError:
        return zlib.crc32(unit.encode())


# --- Listing ----------------------------------------------------------------------------------------


@dataclasses.dataclass
class Listing:
    """The objects of the sources by what becomes of them."""

    found: int = 0
    known: int = 0
    new: list[tuple[str, str, int]] = dataclasses.field(default_factory=list)
    # Of new keys that are not as they would be on a disk, the places there.
    odd: set[tuple[str, str]] = dataclasses.field(default_factory=set)
    skipped: dict[str, int] = dataclasses.field(default_factory=dict)
    # Objects that cannot be read as they are, with the reason.
    refused: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def settle_places(self) -> None:
        """Refuses keys that have the place of another one."""
        plain = self.odd.intersection((source, key) for source, key, _ in self.new)
        for entry in [entry for entry in self.new if plain]:
            source, key, _ = entry
            place = place_of(key)
            if place != key and (source, place) in plain:
                self.new.remove(entry)
                self.refused.append((f"{source}/{key}", SAME_PLACE))

    def skip(self, what: str) -> None:
        self.skipped[what] = self.skipped.get(what, 0) + 1


SAME_PLACE = "another key is the same path"


def list_sources(setup: Setup, known: dict[str, int]) -> Listing:
    """Lists all sources, and leaves out what the target knows."""
    listing = Listing()
    validates = setup.job.value("validate") == "true"
    for name in setup.sources:
        store = setup.source(name)
        before = listing.found
        try:
            for key, size in store.list():
                sort_out(listing, name, key, size, known, validates)
        except PermissionError as error:
            raise Problem(1, f"{store.url} may not be listed: {error}") from error
        if listing.found == before:
            raise Problem(1, f"{store.url} lists nothing: is the prefix right?")
    listing.settle_places()
    return listing


def sort_out(
    listing: Listing, source: str, key: str, size: int, known: dict[str, int], validates: bool
) -> None:
    """Says what becomes of one object."""
    listing.found += 1
    place = place_of(key)
    path = f"{source}/{place}"
    other = other_service(place, validates)
    if not is_inside(place) or "\n" in key:
        listing.refused.append((f"{source}/{key}", "its key is no path of a file"))
    elif other:
        listing.skip(other)
    elif path not in known:
        if place != key and (source, place) in listing.odd:
            listing.refused.append((f"{source}/{key}", SAME_PLACE))
            return
        if place != key:
            listing.odd.add((source, place))
        listing.new.append((source, key, size))
    elif known[path] in (size, UNKNOWN_SIZE):
        listing.known += 1
    else:
        listing.refused.append((path, f"it had {known[path]} bytes when it was read, and has {size} now"))


# Digests are known without their size.
UNKNOWN_SIZE = -1


def other_service(key: str, validates: bool) -> str:
    """The name of the service or kind of file that a key belongs to, if it is none that a job reads.

    The binary knows better and decides; this saves fetching, say, all flow logs of an account.
    """
    folder, _, file = key.rpartition("/")
    if "_CloudTrail" in file and not ("_CloudTrail-Digest_" in file and not validates):
        return ""
    found = re.search(r"(?:^|/)AWSLogs/(?:.*/)?\d{12}/([^/]+)(?:/|$)", folder)
    if not found or found.group(1).startswith("CloudTrail") and found.group(1) != "CloudTrail-Digest":
        return ""
    return "" if validates and found.group(1) == "CloudTrail-Digest" else found.group(1)


def groups_of(listing: Listing, size: int, most: int = 20_000) -> list[Group]:
    """Cuts the new files, which are in order, into groups of about a size."""
    groups: list[Group] = []
    keys: list[str] = []
    total = 0

    def close(source: str) -> None:
        nonlocal total
        if keys:
            groups.append(Group(len(groups), source, zlib.compress(json.dumps(keys).encode())))
        keys.clear()
        total = 0

    last = ""
    for source, key, count in listing.new:
        if source != last or total >= size or len(keys) >= most:
            close(last)
        keys.append(key)
        total += count
        last = source
    close(last)
    return groups


# --- The target -------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Step:
    """A change that a commit makes: a file gets the bytes of a staged one, or goes."""

    target: str
    staged: str | None
    size: int
    sha256: str


def read_journal(data: bytes) -> list[Step]:
    """The steps of a journal, as `trailmerge` writes it."""
    lines = data.splitlines(keepends=True)
    damaged = Problem(4, f"{JOURNAL} is damaged: nothing was changed")
    sealed = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    try:
        if parsed(lines[0])["journal"] != 3 or parsed(lines[-1])["sha256"] != sealed:
            raise damaged
    except (IndexError, KeyError, ValueError):
        raise damaged from None
    steps: list[Step] = []
    for line in map(parsed, lines[1:-1]):
        if "put" in line:
            steps.append(Step(line["put"], line["staged"], line["bytes"], line["sha256"]))
        elif "remove" in line:
            steps.append(Step(line["remove"], None, 0, ""))
        # A `switch` lets several files change at once where there are folders; their own steps follow.
    for step in steps:
        is_staged = step.staged is None or is_inside(step.staged) and step.staged.startswith(STAGING + "/")
        if not is_inside(step.target) or not is_staged:
            raise damaged
    return steps


def apply_journal(store: Store, data: bytes) -> None:
    """Makes the target what a journal says; again, if that was begun before."""
    steps = read_journal(data)
    staged = dict(store.list(STAGING))
    puts = [step for step in steps if step.staged is not None]
    for step in puts:
        if staged.get(step.staged or "") != step.size and not holds(store, step):
            raise Problem(
                4, f"{store.url} has a commit that cannot be ended: what {step.target} is to hold is nowhere"
            )

    def put(step: Step) -> None:
        if staged.get(step.staged or "") == step.size:
            store.move(step.staged or "", step.target)

    root = [step for step in puts if step.target == MANIFEST]
    each(put, [step for step in puts if step.target != MANIFEST])
    store.remove(step.target for step in steps if step.staged is None)
    store.sync()
    each(put, root)
    store.sync()
    store.remove([JOURNAL])


def holds(store: Store, step: Step) -> bool:
    """Whether a target has its bytes already."""
    data = store.read(step.target)
    return data is not None and hashlib.sha256(data).hexdigest() == step.sha256


def clear_staging(store: Store) -> None:
    """Removes what died or finished runs have staged."""
    store.remove_below(STAGING)


@dataclasses.dataclass
class Skeleton:
    """What describes the target, in a folder of the driver: all but indexes and the files of outputs."""

    folder: str
    manifest: bytes | None
    # The files that the target has read, with their sizes; digests have none.
    known: dict[str, int]

    @classmethod
    def fetched(cls, store: Store, folder: str) -> Skeleton:
        os.makedirs(os.path.join(folder, OWN), mode=0o750)
        manifest = store.read(MANIFEST)
        if manifest is None:
            keys = [key for key, _ in store.list(OWN) if not key.startswith(UNNAMED)]
            described = [key for key in keys if key.endswith((".ndjson", ".index", ".column"))]
            if described:
                raise Problem(4, f"the target was changed from outside: {store.url}/{MANIFEST} is gone")
            return cls(folder, None, {})
        pathlib.Path(folder, MANIFEST).write_bytes(manifest)
        names = [file["path"] for file in parsed(manifest)["files"]]
        if any(not is_inside(name) for name in names):
            raise Problem(4, f"{store.url}/{MANIFEST} is damaged")
        fetch_all(store, [name for name in names if not name.startswith(f"{OWN}/index/")], folder)
        return cls(folder, manifest, cls._known(folder, names))

    @staticmethod
    def _known(folder: str, names: list[str]) -> dict[str, int]:
        known: dict[str, int] = {}
        for name in names:
            is_ledger = name.startswith(f"{OWN}/ledger/")
            if not is_ledger and not name.startswith(f"{OWN}/digests/"):
                continue
            with open(os.path.join(folder, name), "rb") as lines:
                for line in map(parsed, lines):
                    # What failed is tried again every night.
                    if "failure" not in line and line.get("outcome") not in ("failed", "salvaged"):
                        known[line["path"]] = line["bytes"] if is_ledger else UNKNOWN_SIZE
        return known


# --- The seal ---------------------------------------------------------------------------------------


def seal(setup: Setup, store: Store, skeleton: Skeleton, units: list[Unit], folder: str) -> dict[str, Any]:
    """Merges what describes the units into what describes the target; gives the report.

    Whatever the merge has to open is fetched: the texts of an eventID that is in two days.
    """
    datasets = {unit.name: os.path.join(folder, "units", unit.name) for unit in units if unit.key}

    def fetch_unit(unit: Unit) -> None:
        tar = os.path.join(folder, f"{unit.name}.tar")
        store.get(unit.key, tar)
        unpack(tar, datasets[unit.name])
        os.remove(tar)

    each(fetch_unit, [unit for unit in units if unit.key])
    if skeleton.manifest is not None:
        names = [file["path"] for file in parsed(skeleton.manifest)["files"]]
        touched = [name for name in names if name.startswith(f"{OWN}/index/")]
        touched = [name for name in touched if any(describes(name, unit) for unit in datasets)]
        fetch_all(store, touched, skeleton.folder)
    job = setup.write_merge_job(folder)
    asked: set[str] = set()
    while True:
        done = setup.run(
            *("merge", job, *datasets.values(), "-o", skeleton.folder, "--prepare"),
            *("--report", "json", "--progress", "never"),
        )
        report = json.loads(done.stdout) if done.stdout else {}
        needed = {file["path"]: file["sha256"] for file in report.get("needed", [])}
        if not needed:
            break
        if asked.issuperset(needed):
            raise Problem(4, f"{next(iter(needed))} cannot be fetched")
        asked.update(needed)
        each(lambda item: fetch_needed(store, skeleton, datasets, *item), needed.items())
    if done.returncode not in (0, 3, 4, 5) or "error" in report:
        raise Problem(done.returncode, last_line(done.stderr))
    return report


def fetch_needed(store: Store, skeleton: Skeleton, datasets: dict[str, str], path: str, digest: str) -> None:
    """Fetches a file that the merge has to open: of the target, or of a unit, where it is staged."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if path.startswith(skeleton.folder + "/"):
        store.get(path[len(skeleton.folder) + 1 :], path)
        return
    folder = next(folder for folder in datasets.values() if path.startswith(folder + "/"))
    store.get(f"{STAGING}/{digest}/{path[len(folder) + 1 :]}", path)


def commit(store: Store, skeleton: Skeleton) -> bool:
    """Commits what a merge has prepared; says whether there was anything."""
    path = os.path.join(skeleton.folder, JOURNAL)
    if not os.path.exists(path):
        return False
    data = pathlib.Path(path).read_bytes()
    staged = {step.staged for step in read_journal(data) if step.staged is not None}
    local = [key for key in sorted(staged) if os.path.exists(os.path.join(skeleton.folder, key))]
    each(lambda key: store.put(os.path.join(skeleton.folder, key), key), local)
    missing = staged.difference(key for key, _ in store.list(STAGING))
    if missing:
        raise Problem(1, f"{store.url}/{min(missing)} was staged and is gone: nothing was committed")
    store.sync()
    store.write(JOURNAL, data)
    store.sync()
    apply_journal(store, data)
    return True


# --- The report -------------------------------------------------------------------------------------


def completed(report: dict[str, Any], listing: Listing, units: list[Unit], target: str) -> dict[str, Any]:
    """The report of the merge with what the cluster knows besides: every object has one fate."""
    files = report["files"]
    skipped = dict(listing.skipped)
    refused = list(listing.refused)
    for unit in units:
        refused += unit.failures.items()
        for name, count in unit.skipped.items():
            skipped[name] = skipped.get(name, 0) + count
    files["found"] = listing.found
    files["alreadyRead"] += listing.known
    files["skipped"] = skipped
    files["failed"] += len(refused)
    failures = [{"path": path, "offset": None, "reason": why} for path, why in refused]
    report["failures"] = sorted(report["failures"] + failures, key=lambda failure: failure["path"])
    report["dataset"] = target
    if refused and report["exit"] == 0:
        report["exit"] = 3
    counted = files["read"] + files["alreadyRead"] + files["failed"] + sum(skipped.values())
    if counted != listing.found:
        raise Problem(
            4,
            f"the balance does not close: {listing.found} objects were listed, and {counted} have a fate: "
            "nothing was committed; please report this",
        )
    return report


def idle_report(job: Job, listing: Listing) -> dict[str, Any]:
    """The report of a run that found nothing new."""
    names = ("in", "written", "duplicates", "conflicts", "filtered", "rejected", "replaced", "dropped")
    report = {
        "format": 1,
        "job": job.value("name"),
        "started": now(),
        "finished": now(),
        "seconds": 0,
        "exit": 0,
        "committed": False,
        "files": {"found": 0, "read": 0, "alreadyRead": 0, "skipped": {}, "failed": 0},
        "records": dict.fromkeys(names, 0),
        "failures": [],
        "trailingData": [],
        "notes": [],
    }
    if job.value("failIfNoNewFiles") == "true":
        report["exit"] = 5
        report["notes"] = ["no new files, which failIfNoNewFiles reports"]  # type: ignore[assignment]
    return report


def text_of(report: dict[str, Any]) -> str:
    """A report for a person."""
    files, records = report["files"], report["records"]
    how = {0: "complete", 3: "incomplete", 4: "integrity problem", 5: "stale"}.get(report["exit"], "failed")
    parts = [f"{files['read']:,} read", f"{files['alreadyRead']:,} already read"]
    parts += [f"{count:,} skipped: {name}" for name, count in sorted(files["skipped"].items())]
    parts += [f"{files['failed']:,} failed"]
    fates = ("written", "duplicates", "conflicts", "filtered", "rejected")
    lines = [
        f"{report['job']}: {how}, {files['read']:,} files read, {records['written']:,} records written"
        + ("" if report["committed"] else ", nothing changed"),
        f"  dataset   {report['dataset']}",
        f"  files     {files['found']:,} found = " + " + ".join(parts),
        f"  records   {records['in']:,} in = " + " + ".join(f"{records[fate]:,} {fate}" for fate in fates),
    ]
    lines += [f"  failed    {failure['path']}: {failure['reason']}" for failure in report["failures"]]
    lines += [f"  trailing  {path}" for path in report["trailingData"]]
    lines += [f"  note      {note}" for note in report["notes"]]
    return "\n".join(printable(line) for line in lines)


def printable(text: str) -> str:
    """A line for a terminal: whoever names a file must not be able to steer it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def keep_report(store: Store, skeleton: Skeleton, report: dict[str, Any]) -> None:
    """Keeps the report with the target, where `trailmerge status` finds it."""
    folder = os.path.join(skeleton.folder, RUNS)
    for name in sorted(os.listdir(folder))[-1:] if os.path.isdir(folder) else []:
        text = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
        store.write(f"{RUNS}/{name}", f"{text}\n".encode(errors="surrogateescape"))


# --- The driver -------------------------------------------------------------------------------------


def parse_size(text: str) -> int:
    found = re.fullmatch(r"(\d+)(KiB|MiB|GiB|)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no size such as 256MiB")
    return int(found.group(1)) << {"": 0, "KiB": 10, "MiB": 20, "GiB": 30}[found.group(2)]


def parse_span(text: str) -> int:
    """Seconds of a span that the binary has checked, such as `10m`."""
    found = re.fullmatch(r"(\d+)([smhd]?)", text)
    if not found:
        return 0
    return int(found.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}[found.group(2)]


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Runs a trailmerge job on Apache Spark.",
        epilog="Exit statuses are those of trailmerge: 0 complete, 1 failed, 3 some inputs failed, "
        "4 integrity, 5 no new files, 11 locked, 64 wrong usage, 130 and 143 stopped.",
    )
    parser.add_argument("job", metavar="JOB.yaml", help="the job file; its inputs and dataset are names only")
    parser.add_argument(
        "--source",
        action="append",
        required=True,
        metavar="[NAME=]URL",
        help="what the job's input mirrors; with several inputs, one for each name",
    )
    parser.add_argument("--target", required=True, metavar="URL", help="the dataset")
    parser.add_argument("--binary", default="trailmerge", help="the program, which is sent to all executors")
    parser.add_argument("--installed", action="store_true", help="--binary is on every machine already")
    parser.add_argument(
        "--group-size",
        type=parse_size,
        default=256 << 20,
        metavar="SIZE",
        help="stored bytes that one map task fetches (default: 256MiB)",
    )
    parser.add_argument("--partitions", type=int, metavar="N", help="reduce tasks (default: one a day)")
    parser.add_argument(
        "--memory", help="the binary's memory budget in each task (default: the job's, or 1GiB)"
    )
    parser.add_argument("--temp-dir", metavar="DIR", help="where tasks keep files (default: Spark's folders)")
    parser.add_argument(
        "--storage-options",
        type=json.loads,
        default={},
        metavar="JSON",
        help="for fsspec, such as an endpoint; keys belong into the environment",
    )
    parser.add_argument("--break-lock", action="store_true", help="remove the lock that a dead driver left")
    parser.add_argument("--report", choices=("text", "json"), default="text")
    try:
        return parser.parse_args(arguments)
    except SystemExit as end:
        raise SystemExit(64 if end.code else 0) from None


def resolve_job(options: argparse.Namespace, binary: str) -> Job:
    """The job as the binary understands it."""
    try:
        done = run_program(binary, "check", options.job)
    except OSError as error:
        raise Problem(64, f"{binary} cannot be run: {error.strerror}; see --binary") from error
    if done.returncode != 0:
        raise Problem(done.returncode, last_line(done.stderr))
    job = Job(done.stdout)
    job.check()
    return job


def match_sources(job: Job, given: list[str]) -> dict[str, str]:
    """The URL of each of the job's inputs."""
    names = job.inputs
    if len(names) == 1 and len(given) == 1:
        prefix = f"{names[0]}="
        return {names[0]: given[0].removeprefix(prefix)}
    named = dict(text.split("=", 1) for text in given if "=" in text)
    if sorted(named) != sorted(names) or len(given) != len(names):
        wanted = " ".join(f"--source {name}=URL" for name in names)
        raise Problem(64, f"the job has {len(names)} inputs: give {wanted}")
    return {name: named[name] for name in names}


def prepare(options: argparse.Namespace) -> Setup:
    """Checks what was given."""
    binary = shutil.which(options.binary) or options.binary
    job = resolve_job(options, binary)
    memory = options.memory or job.value("memory") or "1GiB"
    try:
        keys = job.key_files()
    except OSError as error:
        raise Problem(1 if isinstance(error, PermissionError) else 64, str(error)) from error
    return Setup(
        job=job,
        key_files=keys,
        binary=options.binary if options.installed else os.path.abspath(binary),
        is_installed=True,
        sources={name: absolute(url) for name, url in match_sources(job, options.source).items()},
        target=absolute(options.target),
        options=options.storage_options,
        temp_dir=options.temp_dir,
        memory=memory,
        threads=int(job.value("threads") or 0),
    )


def run_on_cluster(setup: Setup, groups: list[Group], options: argparse.Namespace, days: int) -> list[Unit]:
    """Maps, shuffles and reduces."""
    from pyspark import SparkConf, SparkContext

    conf = SparkConf().setIfMissing("spark.app.name", f"trailmerge {setup.job.value('name')}")
    is_own = SparkContext._active_spark_context is None
    context = SparkContext.getOrCreate(conf)
    context.setLogLevel("ERROR")
    context.addPyFile(os.path.abspath(__file__))
    if not options.installed:
        context.addFile(setup.binary)
    threads = setup.threads or int(context.getConf().get("spark.task.cpus", "1"))
    task_setup = dataclasses.replace(setup, is_installed=options.installed, threads=threads)
    shared = context.broadcast(task_setup)
    count = options.partitions or min(days + 1, 8192)
    try:
        units = (
            context.parallelize(groups, len(groups))
            .flatMap(lambda group: map_group(shared.value, group))
            .partitionBy(count, partition_of)
            .mapPartitions(lambda chunks: reduce_partition(shared.value, chunks))
            .collect()
        )
        if context.getConf().get("spark.speculation") == "true":
            # Tasks that others have overtaken end within spark.python.task.killTimeout, which is 2 s: then
            # none stages a file any more.
            time.sleep(3)
        return units
    except Exception as error:
        raise Problem.found_in(error) from error
    finally:
        if is_own:
            context.stop()


def delivery_days(listing: Listing) -> int:
    """How many days the new files were delivered on: about as many have events."""
    pattern = re.compile(r"(\d{4}/\d\d/\d\d)/")
    days = {found.group(1) for _, key, _ in listing.new for found in [pattern.search(key)] if found}
    return max(1, len(days))


def run(options: argparse.Namespace, folder: str) -> dict[str, Any]:
    """Folds the new files of the sources into the target; gives the report."""
    setup = prepare(options)
    store = setup.store()
    with store.locked(parse_span(setup.job.value("lockWait")), options.break_lock):
        pending = store.read(JOURNAL)
        if pending is not None:
            apply_journal(store, pending)
        clear_staging(store)
        skeleton = Skeleton.fetched(store, os.path.join(folder, "target"))
        setup = dataclasses.replace(setup, manifest=skeleton.manifest)
        if skeleton.manifest is not None:
            # That the job is still the one that made the target is better known before the work than after.
            job = setup.write_merge_job(folder)
            setup.run_or_fail("merge", job, skeleton.folder, "-o", skeleton.folder, "--dry-run", also=(3, 4))
        listing = list_sources(setup, skeleton.known)
        groups = groups_of(listing, options.group_size)
        if not groups:
            return completed(idle_report(setup.job, listing), listing, [], store.url)
        try:
            units = run_on_cluster(setup, groups, options, delivery_days(listing))
            report = seal(setup, store, skeleton, units, folder)
            report = completed(report, listing, units, store.url)
            if setup.job.value("strict") == "true" and report["files"]["failed"]:
                raise Problem(1, f"{report['files']['failed']} files failed, and the job is strict")
            report.pop("prepared", None)
            report["committed"] = commit(store, skeleton)
            keep_report(store, skeleton, report)
            return report
        finally:
            if store.read(JOURNAL) is None:
                clear_staging(store)


def stop(number: int, _: Any) -> None:
    """Ends a run that is asked to stop, its lock given back."""
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    options = parse_arguments(arguments)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
    try:
        with tempfile.TemporaryDirectory(prefix="trailmerge-", dir=options.temp_dir) as folder:
            report = run(options, folder)
    except Problem as problem:
        print(f"trailmerge_spark: {printable(problem.message)}", file=sys.stderr)
        return problem.status
    except PermissionError as error:
        print(f"trailmerge_spark: permission denied: {printable(str(error))}", file=sys.stderr)
        return 1
    is_json = options.report == "json"
    print(json.dumps(report, ensure_ascii=False) if is_json else text_of(report))
    return int(report["exit"])


def wait_for_readers() -> None:
    """Waits until what was printed has been read, a second at most.

    `spark-submit` copies what its driver prints. It ends with the driver when that fails, and does not
    wait for the copy (PythonRunner.scala: the thread that copies is not joined).
    """
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        return
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    time.sleep(1)


if __name__ == "__main__":
    # By its own name, under which executors import it too.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import trailmerge_spark

    sys.stdout.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
    status = trailmerge_spark.main(sys.argv[1:])
    wait_for_readers()
    sys.exit(status)
