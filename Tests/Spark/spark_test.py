#!/usr/bin/env python3
"""Runs jobs on a small Spark cluster and expects the bytes of `trailmerge run`.

The cluster is two workers on this machine, the binary is the real one, moto stands in for S3. Tasks are
made slow, repeated and killed by shell scripts that take the binary's place.

Needs: pip install pyspark s3fs 'moto[server]'. Usage: spark_test.py TRAILMERGE [TEST…]
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import logging
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Iterator
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "Jobs/spark/trailmerge_spark.py"
BINARY = ""

try:
    import boto3
    import pyspark
    import s3fs  # noqa: F401  fsspec loads it
    from moto.server import ThreadedMotoServer
except ImportError as error:
    sys.exit(f"skipped: {error.name} is missing (pip install pyspark s3fs 'moto[server]')")

sys.path.insert(0, str(SCRIPT.parent))
import trailmerge_spark  # noqa: E402

JOB = """\
name: org
inputs: [{path: mirror}]
dataset: local
outputs:
  - {format: ndjson, partitionBy: [account, region, dt], compression: "gzip:6", provenance: true}
  - {format: csv, partitionBy: [dt]}
"""
MONTHS = JOB.replace("[dt]", "[account, month]").replace("[account, region, dt]", "[dt]")
CLUSTER = "local-cluster[2,1,1024]"
GROUP = "24KiB"
# A run's reports, hints and locks are about runs.
OWN = ("_trailmerge/runs/", "_trailmerge/seen/", "_trailmerge/lock")


def tree(folder: pathlib.Path) -> dict[str, bytes]:
    """The files of a dataset that are the same however it was made."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith(OWN)}


def trailmerge(*arguments: object, folder: pathlib.Path) -> tuple[int, str]:
    done = subprocess.run(
        [BINARY, *map(str, arguments)], check=False, cwd=folder, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def log(mirror: pathlib.Path, account: str, day: str, *records: dict[str, object]) -> None:
    """Writes a log file with some records."""
    year, month, date = day.split("-")
    folder = mirror / f"AWSLogs/{account}/CloudTrail/us-east-1/{year}/{month}/{date}"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{account}_CloudTrail_us-east-1_{year}{month}{date}T0000Z_{'x' * 16}.json.gz"
    (folder / name).write_bytes(gzip.compress(json.dumps({"Records": records}).encode(), mtime=0))


def doubled(account: str, day: str, name: str) -> dict[str, object]:
    """A record that has its eventID in common with another account's, of another day."""
    return {
        "eventVersion": "1.08",
        "eventID": "11111111-2222-4333-8444-555555555555",
        "eventTime": f"{day}T10:00:00Z",
        "awsRegion": "us-east-1",
        "recipientAccountId": account,
        "eventName": name,
    }


class Cluster:
    """A master and two workers. Spark repeats no slow task on the same host: so they are two."""

    def __init__(self, folder: pathlib.Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"spark://127.0.0.1:{self.port}"
        self.log = open(folder / "cluster.log", "w")  # noqa: SIM115  as long as the cluster
        self.processes = [self.start("master.Master", "--host", "127.0.0.1", "--port", str(self.port))]
        for host in ("127.0.0.1", "127.0.0.2"):
            worker = ("--host", host, "--cores", "1", "--memory", "1g", "--work-dir", str(folder / host))
            self.processes.append(self.start("worker.Worker", *worker, self.url))

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        spark_class = os.path.join(os.environ["SPARK_HOME"], "bin/spark-class")
        command = [spark_class, f"org.apache.spark.deploy.{name}", "--webui-port", "0", *arguments]
        environment = {**os.environ, "SPARK_DAEMON_MEMORY": "256m"}
        return subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
        self.log.close()


class SparkTests(unittest.TestCase):
    """Every test has a folder with a mirror, and a target of its own."""

    context: pyspark.SparkContext

    @classmethod
    def setUpClass(cls) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        cls.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        cls.server.start()
        host, port = cls.server.get_host_and_port()
        os.environ.update(
            AWS_ENDPOINT_URL=f"http://{host}:{port}",
            AWS_ACCESS_KEY_ID="x",
            AWS_SECRET_ACCESS_KEY="x",
            AWS_DEFAULT_REGION="us-east-1",
            SPARK_HOME=os.path.dirname(pyspark.__file__),
            SPARK_LOCAL_IP="127.0.0.1",
            PYSPARK_PYTHON=sys.executable,
        )
        cls.s3 = boto3.client("s3")
        cls.trail = pathlib.Path(tempfile.mkdtemp(prefix="spark-test-"))
        trailmerge(
            *("sample", "mirror", "--events", 600, "--accounts", 3, "--days", 3, "--conflicts", 6),
            *("--damaged-files", 1, "--no-digests", "--events-per-file", 40),
            folder=cls.trail,
        )
        log(cls.trail / "mirror", "111111111111", "2026-11-01", doubled("111111111111", "2026-11-01", "A"))
        log(cls.trail / "mirror", "222222222222", "2026-11-03", doubled("222222222222", "2026-11-03", "BBB"))
        cls.cluster = Cluster(cls.trail)
        # Whatever can be repeated is repeated.
        conf = pyspark.SparkConf().setMaster(cls.cluster.url).setAppName("tests")
        conf.setAll(
            [
                ("spark.speculation", "true"),
                ("spark.speculation.interval", "100ms"),
                ("spark.speculation.multiplier", "1.01"),
                ("spark.speculation.quantile", "0.1"),
                ("spark.log.level", "ERROR"),
                ("spark.ui.enabled", "false"),
                ("spark.driver.host", "127.0.0.1"),
            ]
        )
        cls.context = pyspark.SparkContext(conf=conf)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.context.stop()
        cls.cluster.stop()
        cls.server.stop()
        shutil.rmtree(cls.trail)

    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="spark-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.mirror = self.folder / "mirror"
        (self.folder / "job.yaml").write_text(JOB)
        self.began = time.monotonic()

    def tearDown(self) -> None:
        print(f"  {self.id().rpartition('.')[2]}: {time.monotonic() - self.began:.0f} s", file=sys.stderr)

    # Helpers

    def deliver(self, night: int = 0, nights: int = 1) -> None:
        """Copies the files of a night into the mirror."""
        files = sorted(path for path in (self.trail / "mirror").rglob("*") if path.is_file())
        for number, path in enumerate(files):
            if number % nights == night:
                target = self.mirror / path.relative_to(self.trail / "mirror")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)

    def run_here(self, dataset: str = "local") -> dict[str, object]:
        """Runs the job on this machine; gives the report."""
        done = trailmerge("run", "job.yaml", "-o", dataset, "--report", "json", folder=self.folder)[1]
        return json.loads(next(line for line in done.splitlines() if line.startswith("{")))

    def run_there(
        self, target: str, source: str = "mirror", *more: str, binary: str = ""
    ) -> dict[str, object]:
        """Runs the job on the cluster; gives the report, or the error and the status."""
        arguments = [
            str(self.folder / "job.yaml"),
            "--source",
            source,
            "--target",
            target,
            "--report",
            "json",
            "--binary",
            binary or BINARY,
            "--group-size",
            GROUP,
            *more,
        ]
        output, errors = io.StringIO(), io.StringIO()
        streams = contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors)
        with contextlib.chdir(self.folder), streams[0], streams[1]:
            status = trailmerge_spark.main(arguments)
        if not output.getvalue():
            return {"exit": status, "error": errors.getvalue().strip()}
        report = json.loads(output.getvalue())
        self.assertEqual(report["exit"], status)
        return report

    def substitute(self, name: str, *lines: str) -> str:
        """A script that takes the binary's place, and runs it in the end."""
        path = self.folder / name
        once = f'once() {{ mkdir "{self.folder}/$1" 2>/dev/null; }}'
        path.write_text("\n".join(["#!/bin/sh", once, *lines, f'exec "{BINARY}" "$@"']) + "\n")
        path.chmod(0o755)
        return str(path)

    def expect_same(self, target: pathlib.Path, other: str = "local") -> None:
        """Expects two datasets to be the same but for runs, and nothing else beside them."""
        left, right = tree(target), tree(self.folder / other)
        self.assertEqual(sorted(left), sorted(right))
        self.assertEqual([name for name in left if left[name] != right[name]], [])
        self.assertFalse((target / "_trailmerge/staging").exists())

    def expect_alike(self, report: dict[str, object], other: dict[str, object]) -> None:
        """Expects two reports to tell the same."""
        self.assertNotIn("error", report)
        for key in ("exit", "files", "trailingData"):
            self.assertEqual(report[key], other[key], key)
        self.assertEqual(
            [failure["path"] for failure in report["failures"]],
            [failure["path"] for failure in other["failures"]],
        )

    def expect_same_counts(self, there: dict[str, int], here: dict[str, int]) -> None:
        """Expects records to have the same fates.

        That a stored record has lost to a text of its own day is found before the target is looked at: it
        then counts as a conflict of this run, and what has replaced it does not count as written.
        """
        for counts in (there, here):
            replaced = counts.pop("replaced")
            counts["conflicts"] += replaced
            counts["written"] -= replaced
        self.assertEqual(there, here)

    def upload(self, bucket: str, folder: pathlib.Path, prefix: str = "") -> None:
        with contextlib.suppress(self.s3.exceptions.BucketAlreadyOwnedByYou):
            self.s3.create_bucket(Bucket=bucket)
        for path in folder.rglob("*"):
            if path.is_file():
                self.s3.upload_file(str(path), bucket, prefix + str(path.relative_to(folder)))

    def download(self, bucket: str, name: str) -> pathlib.Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", []):
                path = folder / item["Key"]
                path.parent.mkdir(parents=True, exist_ok=True)
                self.s3.download_file(bucket, item["Key"], str(path))
        return folder

    def count(self, *verbs: str) -> list[str]:
        """The marks that a substitute has left."""
        return [verb for verb in verbs if (self.folder / verb).exists()]

    # Tests

    def test_submitted_killed_and_submitted_again(self) -> None:
        """What a driver leaves that is killed half-way is in nobody's way."""
        self.deliver()
        here = self.run_here()
        target = self.folder / "target"
        kills = self.substitute(
            "kills-driver", 'case "$*" in *--prepare*) once driver && kill -9 $PPID;; esac'
        )
        submit = shutil.which("spark-submit", path=os.path.dirname(sys.executable)) or "spark-submit"
        command = [
            *("--conf", "spark.log.level=ERROR", str(SCRIPT), "job.yaml", "--binary", kills),
            *("--source", "mirror", "--target", "target", "--group-size", GROUP, "--report", "json"),
        ]

        def submitted(master: str) -> subprocess.CompletedProcess[str]:
            whole = [submit, "--master", master, *command]
            return subprocess.run(whole, check=False, cwd=self.folder, capture_output=True, text=True)

        killed = submitted("local[2]")
        self.assertNotEqual(killed.returncode, 0)
        self.assertEqual(self.count("driver"), ["driver"], killed.stderr[-2000:])
        self.assertTrue((target / "_trailmerge/staging").exists())
        self.assertFalse((target / "ndjson").exists())
        again = submitted(CLUSTER)
        self.assertEqual(again.returncode, 3, again.stderr[-2000:])
        # What the driver's libraries warn of comes before the report: spark-submit joins both outputs.
        self.expect_alike(json.loads(again.stdout.splitlines()[-1]), here)
        self.expect_same(target)
        self.assertEqual(trailmerge("verify", target, folder=self.folder)[0], 0)

    def test_listing_of_s3(self) -> None:
        """Every object is listed, however far down a listing goes by itself."""
        keys = ["AWSLogs/1", "AWSLogs/1/2", "logs//AWSLogs/x", "logs/AWSLogs/y", "logs/ä +%20.gz"]
        keys += [f"n/{folder}/{number}/k" for folder in range(3) for number in range(4)]
        self.s3.create_bucket(Bucket="trail-listing")
        for key in [*keys, "empty/"]:
            self.s3.put_object(Bucket="trail-listing", Key=f"some/{key}", Body=key.encode())
        for count in (1, 3, 500):
            with mock.patch.object(trailmerge_spark, "FOLDERS", count):
                store = trailmerge_spark.open_store("s3://trail-listing/some/", {})
                self.assertEqual(list(store.list()), sorted((key, len(key.encode())) for key in keys))
                self.assertEqual(list(store.list("none")), [])

    def test_three_nights_on_s3(self) -> None:
        """Workers are killed in map and reduce, and slow ones are overtaken."""
        kills = self.substitute(
            "kills-workers",
            'note() { (cd "$(dirname "$1")/input" && find . | sort | md5sum); }',
            f'if [ "$1" = run ]; then note "$2" >> "{self.folder}/groups"; fi',
            'if [ "$1" = run ] && once map; then kill -9 $PPID; fi',
            'case "$*" in *--prepare*) ;; merge*) if once reduce; then kill -9 $PPID; fi;; esac',
            'if [ "$1" = run ] && once slow-map; then sleep 8; fi',
            'if [ "$1" = split ] && once slow-split; then sleep 3; fi',
        )
        target = "s3://lake-nights"
        self.s3.create_bucket(Bucket="lake-nights")
        for night in range(3):
            self.deliver(night, 3)
            self.upload("trail-nights", self.mirror, "some/where/")
            here = self.run_here()
            there = self.run_there(target, "s3://trail-nights/some/where", binary=kills)
            self.expect_alike(there, here)
            self.assertTrue(there["committed"])
            self.expect_same_counts(there["records"], here["records"])
            self.expect_same(self.download("lake-nights", "copy"))
        self.assertEqual(self.count("map", "reduce", "slow-map"), ["map", "reduce", "slow-map"])
        groups = (self.folder / "groups").read_text().splitlines()
        # One again since its worker was killed, and one beside another attempt that was slow.
        self.assertGreaterEqual(len(groups), len(set(groups)) + 2)
        self.run_here("at-once")
        copy = self.folder / "copy"
        self.expect_same(copy, "at-once")
        self.assertEqual(trailmerge("verify", copy, folder=self.folder)[0], 0)
        conflicts = b"".join(path.read_bytes() for path in (copy / "_trailmerge/conflicts").iterdir())
        self.assertIn(b"11111111-2222-4333-8444-555555555555", conflicts)

        # A local run goes on from a copy.
        late = {**doubled("111111111111", "2026-11-02", "C"), "eventID": "c"}
        log(self.mirror, "111111111111", "2026-11-02", late)
        self.assertEqual(self.run_here("copy")["exit"], 3)
        self.run_here()
        self.expect_same(copy)

        # Nothing new: the damaged file is tried again, nothing changes, and the lock is given back.
        there = self.run_there(target, "s3://trail-nights/some/where")
        self.assertEqual((there["exit"], there["committed"], there["files"]["read"]), (3, False, 0))
        keys = [item["Key"] for item in self.s3.list_objects_v2(Bucket="lake-nights")["Contents"]]
        self.assertEqual([key for key in keys if "lock" in key or "staging" in key], [])

    def test_partitions_longer_than_a_day(self) -> None:
        """A month is merged at once, with what the target holds of it."""
        two = MONTHS.replace("[{path: mirror}]", '[{path: mirror}, {path: other, name: "b: c"}]')
        (self.folder / "job.yaml").write_text(two)
        record = {**doubled("333333333333", "2026-12-01", "D"), "eventID": "d"}
        log(self.folder / "other", "333333333333", "2026-12-01", record)
        sources = ("mirror=mirror", "--source", "b: c=other")
        for night in range(2):
            self.deliver(night, 2)
            here = self.run_here()
            self.expect_alike(self.run_there("target", *sources), here)
            self.expect_same(self.folder / "target")
        (self.folder / "job.yaml").write_text(two.replace("gzip:6", "none"))
        there = self.run_there("target", *sources)
        self.assertEqual((there["exit"], "the job has changed" in there["error"]), (64, True), there)

    def test_evidence(self) -> None:
        """Digests and logs of one night are judged with those of another."""
        trailmerge("sample", "signed", "--events", 60, "--accounts", 1, "--days", 1, folder=self.folder)
        keys = "validate: true\npublicKeys: signed/public-keys.json\nsignatures: signed/signatures.json\n"
        (self.folder / "job.yaml").write_text(JOB + keys)
        files = sorted((self.folder / "signed").rglob("*.json.gz"))
        for night in range(2):
            for path in files[night::2]:
                target = self.mirror / path.relative_to(self.folder / "signed")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            here = self.run_here()
            there = self.run_there("target", "mirror", "--group-size", "256KiB")
            self.assertNotIn("error", there)
            self.expect_same(self.folder / "target")
        self.assertEqual(here["exit"], 0)
        self.assertEqual(there["exit"], 0)

    def test_commit_that_was_cut_off(self) -> None:
        """The next run, or a local run on a copy, ends it."""
        self.deliver(0, 2)
        listed = trailmerge_spark.LocalStore.list

        def more(store: trailmerge_spark.LocalStore, key: str = "") -> Iterator[tuple[str, int]]:
            yield from listed(store, key)
            if store.url.endswith("/mirror"):
                yield "AWSLogs/gone.json.gz", 7

        # An object that goes away before it is fetched is a failed file.
        with mock.patch.object(trailmerge_spark.LocalStore, "list", more):
            there = self.run_there("target")
        self.assertEqual(there["exit"], 3)
        self.assertIn(
            {"path": "mirror/AWSLogs/gone.json.gz", "offset": None, "reason": "is gone"}, there["failures"]
        )
        self.deliver(1, 2)
        self.run_here()

        class Cut(Exception):
            pass

        moves = []

        def move(store: trailmerge_spark.LocalStore, key: str, target: str) -> None:
            moves.append(target)
            if len(moves) > 7:
                raise Cut
            original(store, key, target)

        original = trailmerge_spark.LocalStore.move
        with mock.patch.object(trailmerge_spark.LocalStore, "move", move), self.assertRaises(Cut):
            self.run_there("target")
        shutil.copytree(self.folder / "target", self.folder / "copy")
        self.assertEqual(self.run_here("copy")["exit"], 3)
        self.expect_same(self.folder / "copy")
        self.assertEqual(self.run_there("target")["committed"], False)
        self.expect_same(self.folder / "target")

    def test_locks_and_mistakes(self) -> None:
        """A run that cannot be says why, and changes nothing."""
        self.deliver()
        self.s3.create_bucket(Bucket="lake-locked")
        self.s3.put_object(Bucket="lake-locked", Key="_trailmerge/cluster-lock.json", Body=b'{"host":"h"}')
        there = self.run_there("s3://lake-locked")
        self.assertEqual(there["exit"], 11)
        self.assertIn('cluster-lock.json ({"host":"h"})', there["error"])
        self.assertIn("--break-lock", there["error"])
        os.makedirs(self.folder / "held/_trailmerge")
        with trailmerge_spark.open_store(f"file://{self.folder}/held", {}).locked(0, False):
            self.assertEqual(self.run_there("held")["exit"], 11)
            self.assertEqual(trailmerge("run", "job.yaml", "-o", "held", folder=self.folder)[0], 11)

        (self.folder / "empty").mkdir()
        for arguments, status, message in [
            (("t", "empty"), 1, "lists nothing"),
            (("t", "s3://no-such-bucket/x"), 1, ""),
            (("t", "nosuchscheme://x"), 64, "nosuchscheme"),
            (("t", "mirror", "--source", "mirror"), 64, "--source mirror=URL"),
            (("t", "mirror", "--binary", "/no/such", "--installed"), 64, "/no/such"),
        ]:
            there = self.run_there(*arguments)
            self.assertEqual((there["exit"], message in there["error"]), (status, True), there)
        for line, message in [
            ("select: {from: yesterday}", "select.from: yesterday"),
            ("incremental: false", "incremental"),
            ("metricsFile: m.prom", "metricsFile"),
        ]:
            (self.folder / "job.yaml").write_text(f"{JOB}{line}\n")
            there = self.run_there("t")
            self.assertEqual(there["exit"], 64)
            self.assertIn(message, there["error"])
        self.assertEqual(tree(self.folder / "t"), {})

    def test_binary_that_executors_lack(self) -> None:
        """The message names the machine and the path."""
        self.deliver()
        lost = self.substitute("lost")
        with mock.patch.object(trailmerge_spark, "resolve_job", lambda options, binary: job):
            job = trailmerge_spark.Job(trailmerge("check", "job.yaml", folder=self.folder)[1])
            os.remove(lost)
            there = self.run_there("t", "mirror", "--installed", binary=lost)
        self.assertEqual(there["exit"], 1)
        self.assertIn(f"cannot run {lost}: No such file or directory", there["error"])
        self.assertEqual(tree(self.folder / "t"), {})


class PureTests(unittest.TestCase):
    """What needs no cluster."""

    def test_days_of_a_unit(self) -> None:
        for unit, flags in [
            ("2026-11-30", "--from 2026-11-30 --to 2026-12-01"),
            ("2026-12", "--from 2026-12-01 --to 2027-01-01"),
            ("2028-02", "--from 2028-02-01 --to 2028-03-01"),
            ("2028", "--from 2028-01-01 --to 2029-01-01"),
            ("9999-12-31", "--from 9999-12-31"),
            ("0000", "--from 0000-01-01 --to 0001-01-01"),
            ("all", "--from 0000-01-01"),
        ]:
            self.assertEqual(" ".join(trailmerge_spark.bounds(unit)), flags)

    def test_files_about_a_unit(self) -> None:
        for name, unit, is_about in [
            ("_trailmerge/index/network-activity-2026-11-19.index", "2026-11-19", True),
            ("_trailmerge/index/events-2026-11-19.index", "2026-11", True),
            ("_trailmerge/partitions/2026-11.ndjson", "2026-11", True),
            ("_trailmerge/partitions/2026-12-01.ndjson", "2026-11", False),
            ("_trailmerge/partitions/all.ndjson", "all", True),
            ("_trailmerge/ledger/2026-11-19.ndjson", "2026-11-19", False),
            ("_trailmerge/index/events-2026-11-19.index", "rest", False),
        ]:
            self.assertEqual(trailmerge_spark.describes(name, unit), is_about, (name, unit))

    def test_keys_that_are_not_fetched(self) -> None:
        log = "AWSLogs/o-1/111111111111/CloudTrail/us-east-1/2026/11/01/111111111111_CloudTrail_x.json.gz"
        for key, validates, name in [
            (log, False, ""),
            (log.replace("CloudTrail/", "Config/"), False, ""),
            ("AWSLogs/111111111111/vpcflowlogs/us-east-1/x.log.gz", False, "vpcflowlogs"),
            ("AWSLogs/111111111111/CloudTrail-Insight/us-east-1/x.json.gz", False, ""),
            (log.replace("CloudTrail", "CloudTrail-Digest"), False, "CloudTrail-Digest"),
            (log.replace("CloudTrail", "CloudTrail-Digest"), True, ""),
            ("exports/000000.gz", False, ""),
        ]:
            self.assertEqual(trailmerge_spark.other_service(key, validates), name, key)

    def test_fates_of_keys(self) -> None:
        listing = trailmerge_spark.Listing()
        known = {"m/a/old": 3, "m/a/other": 4, "m/digest": trailmerge_spark.UNKNOWN_SIZE}
        keys = ["a/old", "a/other", "digest", "a//new", "a/new", "b//x", "b///x", "c//y", "../z", "a//old"]
        for key in keys:
            trailmerge_spark.sort_out(listing, "m", key, 3, known, False)
        listing.settle_places()
        self.assertEqual([key for _, key, _ in listing.new], ["a/new", "b//x", "c//y"])
        self.assertEqual((listing.found, listing.known), (len(keys), 3))
        self.assertEqual(
            [path for path, _ in listing.refused], ["m/a/other", "m/b///x", "m/../z", "m/a//new"]
        )

    def test_names_do_not_steer_terminals(self) -> None:
        self.assertEqual(trailmerge_spark.printable("ä \x1b[1m\n\udcff"), "ä \\x1b[1m\\n\\udcff")

    def test_journals_that_lead_out(self) -> None:
        staging = "_trailmerge/staging"
        for target, staged in [("../x", f"{staging}/1"), ("x", "y"), ("x", f"{staging}/../y")]:
            step = json.dumps({"put": target, "staged": staged, "bytes": 1, "sha256": ""})
            lines = f'{{"journal":3,"steps":1}}\n{step}\n'.encode()
            seal = json.dumps({"sha256": hashlib.sha256(lines).hexdigest()}).encode() + b"\n"
            for data in (lines + seal, lines, b""):
                with self.assertRaises(trailmerge_spark.Problem) as caught:
                    trailmerge_spark.read_journal(data)
                self.assertEqual(caught.exception.status, 4)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main()
