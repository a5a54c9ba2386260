#!/usr/bin/env python3
"""Reads made-up datasets with real engines, by what `trailmerge ddl` prints, and compares every field of every
row with a reading by Python's standard library.

Prints a table: engine by dataset. Each entry is `equal`, or a limit of that engine which `ddl` names, or a
fault. Needs: pip install duckdb chdb pandas polars pyspark sqlglot; Java. An engine that is missing is left
out by name. Usage: compare.py TRAILMERGE [--real FOLDER] [ENGINE…]
"""
import argparse, collections, json, os, pathlib, shutil, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import engines, reading
import records as made


class Dataset:
    """A dataset and what is in it."""

    def __init__(self, bench, name, job, lines=None, sample=None, folder="out", real=None):
        self.name = name
        self.folder = bench.folder / name / folder
        source = pathlib.Path(real) if real else bench.folder / name / "in"
        if sample: bench.run("sample", source, *sample)
        if lines:
            source.mkdir(parents=True)
            (source / "records.ndjson").write_bytes(b"\n".join(lines) + b"\n")
        job_file = bench.folder / name / "job.yaml"
        job_file.parent.mkdir(parents=True, exist_ok=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        job_file.write_text(f"inputs: [{json.dumps(str(source))}]\ndataset: {json.dumps(str(self.folder))}\n{job}")
        bench.run("run", job_file, allow=(0, 3))
        self.tables = {}
        for root in [self.folder, *(self.folder / family for family in ("insight", "network-activity", "aggregated"))]:
            family = "events" if root == self.folder else root.name
            for output in sorted(root.iterdir()) if root.is_dir() else []:
                if output.name.startswith("_") or output.name in ("insight", "network-activity", "aggregated"): continue
                table = f"{family}_{output.name}".replace("-", "_").lower()
                self.tables[table] = Table(table, family, output)
        if lines:
            kept = sorted(line for table in self.tables.values() if table.output.name == "ndjson" for line, _, _ in table.records)
            assert kept == sorted(lines), "not all records are in the dataset"


class Table:
    """One output of one family, as Python reads it."""

    def __init__(self, name, family, output):
        self.name, self.family, self.output = name, family, output
        self.records = list(reading.records(output))
        self.rows = [] if self.records else list(reading.rows(output))
        self.keys = list((self.records or self.rows)[0][2]) if self.records or self.rows else []
        self.flawed = [reading.has_flaw(line) for line, _, _ in self.records]


class Bench:
    def __init__(self, binary, folder):
        self.binary, self.folder = os.path.abspath(binary), pathlib.Path(folder)

    def run(self, *arguments, allow=(0,)):
        result = subprocess.run([self.binary, *map(str, arguments)], capture_output=True, text=True)
        if result.returncode not in allow: raise SystemExit(f"{arguments}: {result.returncode}\n{result.stderr}")
        return result.stdout

    def datasets(self, real):
        ndjson, csv = "{ format: ndjson }", "{ format: csv }"
        derived = '{ format: csv, name: derived, columns: [eventID, eventTime, actor, actorType, outcome] }'
        plain = f"outputs: [{ndjson}, {csv}, {derived}]\n"
        hostile = ["--events", "400", "--days", "2", "--no-digests", "--hostile", "--conflicts", "5"]
        yield Dataset(self, "sample", plain, sample=hostile)
        yield Dataset(
            self, "gzip", "outputs:\n- { format: ndjson, compression: gzip, maxRows: 20, partitionBy: [account, region, year, month, dt, hour],"
            " provenance: true }\n- { format: csv, compression: gzip, provenance: true }\n", sample=hostile)
        yield Dataset(self, "clean", plain, lines=made.clean(), folder="it's [a] %20;é$")
        repaired = "{ format: ndjson, name: repaired, text: repaired, compression: gzip }"
        yield Dataset(self, "flawed", f"outputs: [{ndjson}, {repaired}, {csv}, {derived}]\n", lines=made.clean() + made.flawed())
        yield Dataset(self, "doubled", plain, lines=made.clean() + made.doubled() + made.cased())
        yield Dataset(
            self, "families", f"families: [events, insight, network-activity, aggregated]\noutputs: [{ndjson}, {csv}]\n", lines=made.families())
        yield Dataset(
            self, "several", f"outputs:\n- {ndjson}\n- {{ format: ndjson, name: months, partitionBy: [month], compression: gzip, maxRows: 40 }}\n"
            "- { format: ndjson, name: flat, partitionBy: [] }\n- { format: csv, name: flat-csv, partitionBy: [], compression: gzip }\n"
            "- { format: csv, name: excel, profile: excel, partitionBy: [dt] }\n"
            "- { format: csv, name: own, columns: [\"eventName as order\", \"awsRegion as region\", \"eventID as Account\", otherFields] }\n",
            lines=made.clean())
        if real: yield Dataset(self, "real", plain, real=real)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--real")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("engine", nargs="*")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="engines.")
    started = time.time()
    bench = Bench(options.binary, folder)
    results, seconds, faults = collections.defaultdict(dict), collections.Counter(), 0
    try:
        datasets = list(bench.datasets(options.real))
        print(f"datasets: {time.time() - started:.0f} s", flush=True)
        for engine in engines.ALL:
            if options.engine and engine.name not in options.engine: continue
            begun = time.time()
            try:
                engine = engine(bench)
            except ImportError as error:
                print(f"left out: {engine.name} ({error})")
                continue
            for dataset in datasets:
                for entry, fault in engine.compare(dataset):
                    results[engine.name].setdefault(dataset.name, []).append(entry)
                    if fault:
                        faults += 1
                        print(f"FAULT {engine.name} {dataset.name} {entry}\n{fault}", flush=True)
            seconds[engine.name] = time.time() - begun
        names = [dataset.name for dataset in datasets]
        print("\n| | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
        for engine, found in results.items():
            cells = ["; ".join(sorted(set(found.get(name, ["–"])))) for name in names]
            print(f"| {engine} ({seconds[engine]:.0f} s) | " + " | ".join(cells) + " |")
    finally:
        if options.keep: print(folder)
        else: shutil.rmtree(folder)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
