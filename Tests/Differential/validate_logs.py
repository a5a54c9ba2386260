#!/usr/bin/env python3
"""Compares `trailmerge validate` with the AWS CLI's own `aws cloudtrail validate-logs`, file by file.

A made-up trail is damaged in many ways, alone and combined by seed. The AWS CLI runs unchanged in this
process; moto stands in for S3, and a few lines for CloudTrail's list of public keys. Each difference is
one that EXPLAINED has, or a fault.

Needs: pip install awscli 'moto[s3]'. Usage: validate_logs.py TRAILMERGE [SEEDS]
"""
import contextlib, gzip, hashlib, io, json, os, pathlib, random, re, shutil, subprocess, sys, tempfile

os.environ.update(
    AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1",
    AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")

import boto3
from awscli.clidriver import create_clidriver
from botocore.awsrequest import AWSResponse
from moto import mock_aws

BUCKET = "example-trail-logs"

# Differences in which both are right: what they say (AWS CLI, trailmerge, kind of file), whether that is
# so here (the trail and the file's name), and why.
EXPLAINED = [
    ("invalid", "valid", "digest", lambda trail, name: name in trail.spoiled,
     "the metadata is wrong or gone; the digest after it has the signature (User Guide, custom "
     "implementations, section G)"),
    ("-", "valid missing invalid", "log", lambda trail, name: trail.lister(name) in trail.spoiled, "its digest is one of these"),
    ("-", "unlisted", "log", lambda trail, name: True, "the AWS CLI does not mention files that no digest lists"),
    ("valid", "invalid", "log", lambda trail, name: name in trail.appended, "bytes follow the gzip member: no hash covers them"),
    ("valid invalid", "unchecked", "digest", lambda trail, name: name in trail.spoiled or trail.is_before_gap(name),
     "its signature is in a digest that is gone: the AWS CLI has the metadata of the object"),
    ("-", "missing", "digest", lambda trail, name: True, "the AWS CLI goes on with the next older digest that is there"),
]


class Trail:
    """A made-up trail as files and as objects with metadata."""

    def __init__(self, folder, sample):
        self.folder = pathlib.Path(folder)
        shutil.copytree(sample, folder)
        names = sorted(str(p.relative_to(folder)) for p in self.folder.rglob("*.json.gz"))
        self.digests = [n for n in names if "_CloudTrail-Digest_" in n and "_main_" in n and "_backfill" not in n]
        self.account = self.digests[0].split("/")[1]
        self.logs = [log["s3Object"] for d in self.digests for log in self.document(d)["logFiles"]]
        saved = json.loads((self.folder / "signatures.json").read_text())
        self.metadata, self.spoiled, self.appended = {}, set(), set()
        self.listed = {}
        for digest in self.digests:
            for log in self.document(digest)["logFiles"]: self.listed.setdefault(log["s3Object"], digest)
        for name in names:
            if "_CloudTrail-Digest_" in name:
                previous = self.document(name)
                if previous["previousDigestS3Object"]:
                    self.metadata[previous["previousDigestS3Object"]] = {
                        "signature": previous["previousDigestSignature"], "signature-algorithm": "SHA256withRSA"}
        for name, signature in saved.items():
            self.metadata[name] = {"signature": signature, "signature-algorithm": "SHA256withRSA"}

    def read(self, name): return gzip.decompress((self.folder / name).read_bytes())
    def document(self, name): return json.loads(self.read(name))
    def lister(self, name): return self.listed.get(name)

    def is_before_gap(self, name):
        place = self.digests.index(name) + 1 if name in self.digests else 0
        return 0 < place < len(self.digests) and not (self.folder / self.digests[place]).exists()

    def there(self, names): return [n for n in names if (self.folder / n).exists()]

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def edit(self, name, change):
        document = self.document(name)
        change(document)
        self.write(name, gzip.compress(json.dumps(document).encode()))


def some(random, trail, names):
    there = trail.there(names)
    return random.choice(there[2:-2])


def full(random, trail):
    names = [d for d in trail.there(trail.digests)[2:-2]]
    readable = []
    for name in names:
        with contextlib.suppress(Exception):
            if trail.document(name)["logFiles"]: readable.append(name)
    return random.choice(readable)


def log_altered(r, t): n = some(r, t, t.logs); t.write(n, gzip.compress(b'{"Records":[]}'))
def log_removed(r, t): (t.folder / some(r, t, t.logs)).unlink()
def log_cut(r, t): n = some(r, t, t.logs); t.write(n, (t.folder / n).read_bytes()[:-20])
def log_appended(r, t): n = some(r, t, t.logs); t.appended.add(n); t.write(n, (t.folder / n).read_bytes() + gzip.compress(b"{}"))
def log_packed_again(r, t): n = some(r, t, t.logs); t.write(n, gzip.compress(t.read(n), 1))
def log_planted(r, t): n = some(r, t, t.logs); t.write(n.replace(".json.gz", "x.json.gz"), (t.folder / n).read_bytes())
def digest_altered(r, t): n = some(r, t, t.digests); t.write(n, gzip.compress(t.read(n) + b" "))
def digest_removed(r, t): (t.folder / some(r, t, t.digests)).unlink()
def digest_garbage(r, t): n = some(r, t, t.digests); t.write(n, b"nonsense")
def metadata_missing(r, t): n = some(r, t, t.digests); t.spoiled.add(n); t.metadata[n] = {}
def metadata_wrong(r, t): n = some(r, t, t.digests); t.spoiled.add(n); t.metadata[n] = dict(t.metadata[n], signature="00" * 256)
def newest_without_metadata(r, t): t.metadata[t.there(t.digests)[-1]] = {}


def digests_removed(r, t):
    there = t.there(t.digests)
    place = r.randrange(2, len(there) - 4)
    for name in there[place:place + 2]: (t.folder / name).unlink()


def altered_to_fit(r, t):
    digest = full(r, t)
    log = t.document(digest)["logFiles"][0]["s3Object"]
    content = b'{"Records":[]}'
    t.write(log, gzip.compress(content))
    t.edit(digest, lambda d: d["logFiles"][0].update(hashValue=hashlib.sha256(content).hexdigest()))


def forged_lists(r, t):
    digest, good = full(r, t), t.document(full(r, t))["logFiles"][0]
    never = dict(good, s3Object=good["s3Object"].replace(".json.gz", "y.json.gz"))
    t.edit(digest, lambda d: d["logFiles"].extend([dict(good, hashValue="0" * 64), never]))


def forged_tail(r, t):
    there = t.there(t.digests)
    for name in there[r.randrange(3, len(there) - 1):]:
        with contextlib.suppress(gzip.BadGzipFile):
            t.edit(name, lambda d: d.update({k: None for k in d if k.startswith("previousDigest")}))


def strays(r, t):
    folder = str(pathlib.PurePath(some(r, t, t.digests)).parent)
    for name in ["README.txt", "Thumbs.db", "x.sha256"]: t.write(f"{folder}/{name}", b"x")


ALONE = [
    log_altered, log_removed, log_cut, log_appended, log_packed_again, log_planted, digest_altered,
    digest_removed, digests_removed, digest_garbage, metadata_missing, metadata_wrong,
    newest_without_metadata, altered_to_fit, forged_lists, forged_tail, strays]


def lines(text):
    """What a report says of each file of the trail: valid, invalid, missing, or another word."""
    said = {}
    for line in text.splitlines():
        match = re.match(r"(?:\(backfill\) )?(Digest|Log) file\t(?:s3://[^/]*/)?(.*?)\t(.*)", line)
        if not match: continue
        kind, name, words = match.groups()
        word = words.split(";")[0]
        verdict = ("valid" if word.startswith("valid") else "missing" if "not found" in word and "key" not in word
                   else "invalid" if word.startswith("INVALID") else "unlisted" if word.startswith("no digest")
                   else "unchecked")
        said[name] = (verdict, kind.lower())
    return said


def aws(trail, keys):
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        for path in trail.folder.rglob("*"):
            name = str(path.relative_to(trail.folder))
            if path.is_file() and name.startswith("AWSLogs/"):
                s3.put_object(Bucket=BUCKET, Key=name, Body=path.read_bytes(), Metadata=trail.metadata.get(name, {}))
        driver = create_clidriver()
        driver.session.register(
            "before-call.cloudtrail.ListPublicKeys",
            lambda **_: (AWSResponse("", 200, {}, None), {"PublicKeyList": keys}))
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            driver.main([
                "cloudtrail", "validate-logs", "--verbose", "--s3-bucket", BUCKET,
                "--trail-arn", f"arn:aws:cloudtrail:us-east-1:{trail.account}:trail/main",
                "--start-time", "2026-01-01T00:00:00Z", "--end-time", "2027-01-01T00:00:00Z"])
    return output.getvalue()


def ours(trail, binary):
    signatures = trail.folder / "signatures.json"
    signatures.write_text(json.dumps({n: {"Metadata": m} for n, m in trail.metadata.items()}))
    result = subprocess.run(
        [binary, "validate", "-v", "--public-keys", str(trail.folder / "public-keys.json"), "--signatures",
         str(signatures), str(trail.folder / "AWSLogs" / trail.account)], capture_output=True, text=True)
    return result.returncode, result.stdout


def compare(trail, binary, keys):
    text = aws(trail, keys)
    theirs, (status, output) = lines(text), ours(trail, binary)
    mine = {n: v for n, v in lines(output).items() if v[1] == "log" or "_main_" in n and "_backfill" not in n}
    mine = {(n if n.startswith("AWSLogs") else "AWSLogs" + n.split("/AWSLogs", 1)[1]): v for n, v in mine.items()}
    faults, explained = [], 0
    if not theirs: faults.append(f"the AWS CLI said nothing: {text[-300:]}")
    for name in sorted(set(theirs) | set(mine)):
        kind = (theirs.get(name) or mine.get(name))[1]
        pair = (theirs.get(name, ("-",))[0], mine.get(name, ("-",))[0])
        if pair[0] == pair[1]: continue
        if any(pair[0] in a.split() and pair[1] in b.split() and kind == k and holds(trail, name)
               for a, b, k, holds, _ in EXPLAINED): explained += 1
        else: faults.append(f"{name}: AWS CLI {pair[0]}, trailmerge {pair[1]}")
    complains = any(v[0] in ("invalid", "missing") for v in theirs.values())
    if complains and status != 4 and not trail.spoiled:
        faults.append(f"the AWS CLI complains, trailmerge exits {status}")
    return faults, explained


def main():
    binary, seeds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 25
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        sample = f"{work}/sample"
        subprocess.run([binary, "sample", sample, "--events", "200", "--accounts", "1", "--regions", "1", "--days", "1",
                        "--duplicate-share", "0", "--late-share", "0"], check=True, stdout=subprocess.DEVNULL)
        keys = json.loads(pathlib.Path(sample, "public-keys.json").read_text())["PublicKeyList"]
        cases = [("untouched", [])] + [(f.__name__, [f]) for f in ALONE]
        for seed in range(seeds):
            cases.append((f"seed {seed}", random.Random(seed).sample(ALONE, random.Random(seed).randint(2, 5))))
        count = 0
        for name, manipulations in cases:
            chance, trail = random.Random(name), Trail(f"{work}/trail", sample)
            for manipulate in manipulations:
                with contextlib.suppress(gzip.BadGzipFile, EOFError, IndexError): manipulate(chance, trail)
            faults, explained = compare(trail, binary, keys)
            count += explained
            for fault in faults: print(f"{name} ({', '.join(m.__name__ for m in manipulations)}): {fault}")
            failed += bool(faults)
            shutil.rmtree(trail.folder)
        print(f"{len(cases)} trails compared with the AWS CLI: {failed} with faults, {count} explained differences")
    sys.exit(1 if failed else 0)


main()
