"""Runs the same job with trailmerge and with what people would use instead, and compares them.

usage: run.py --corpus DIR --trailmerge BINARY [--only duckdb,python] [--runs 3] [--scratch DIR]
       run.py --corpus DIR --benchmarks BINARY --no-sync …

The job: every record once (by eventID), sorted, as NDJSON and as CSV by account, region and day.
Each run is followed by `sync`, whose time counts. With --no-sync nobody waits for the disk;
trailmerge has no such switch, so its `Benchmarks` program runs the job then.

The programs take turns, so that a busy minute hits them all. Each needs what the head of its file
says; what fails to start is left out with a word about it. The first round is checked: all must
have written the same records to the same partitions.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile

import measure
import outputs

HERE = os.path.dirname(os.path.abspath(__file__))


def commands(options):
    """The commands by name, trailmerge first; CORPUS and OUT stand for the folders."""
    if options.sync:
        ours = [options.trailmerge, "consolidate", "CORPUS", "-o", "OUT", "--memory", "256MiB", "-q"]
    else:
        ours = [options.benchmarks, "job", "CORPUS", "OUT", "--memory", "256", "--no-sync"]
    python = sys.executable
    return {
        "trailmerge": ours,
        "duckdb": [python, f"{HERE}/duckdb_job.py", "CORPUS", "OUT"],
        "python": [python, f"{HERE}/python_job.py", "CORPUS", "OUT"],
        "clickhouse": [python, f"{HERE}/clickhouse_job.py", "CORPUS", "OUT"],
        "polars": [python, f"{HERE}/polars_job.py", "CORPUS", "OUT"],
        "shell": ["sh", f"{HERE}/shell_job.sh", "CORPUS", "OUT"],
    }


def run_once(command, options):
    """One run into a fresh folder; gives what it took and where it wrote."""
    out = os.path.join(options.scratch, "out")
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    # What was removed or written before is not to be paid for by this run.
    os.sync()
    places = {"CORPUS": options.corpus, "OUT": out}
    return measure.run([places.get(word, word) for word in command], options.sync), out


def print_table(samples, is_sorted):
    ours = [wall for wall, _, _ in samples["trailmerge"]]
    print(f"{'':12}{'wall s':>9}{'min–max':>15}{'CPU s':>9}{'peak MB':>9}{'× trailmerge':>14}  order")
    for name, runs in samples.items():
        walls = [wall for wall, _, _ in runs]
        # Neighbours in time are divided by one another; the median of those is the ratio.
        ratio = statistics.median(wall / own for wall, own in zip(walls, ours))
        extent = f"{min(walls):.1f}–{max(walls):.1f}"
        print(
            f"{name:12}{statistics.median(walls):9.2f}{extent:>15}"
            f"{statistics.median(cpu for _, cpu, _ in runs):9.2f}"
            f"{max(peak for _, _, peak in runs) / 1e6:9.0f}{ratio:14.2f}"
            f"  {'sorted' if is_sorted[name] else 'not sorted within a file'}"
        )


def main():
    parser = argparse.ArgumentParser(description="Compares trailmerge with other ways to do its job.")
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--trailmerge", help="the command, a release build")
    parser.add_argument("--benchmarks", help="the Benchmarks program, a release build")
    parser.add_argument("--only", help="names to compare with, by commas")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scratch", help="where to write (default: a temporary folder)")
    parser.add_argument("--no-sync", dest="sync", action="store_false")
    options = parser.parse_args()
    needed = "trailmerge" if options.sync else "benchmarks"
    if not getattr(options, needed):
        parser.error(f"--{needed} is needed {'with' if options.sync else 'without'} sync")
    options.corpus = os.path.abspath(options.corpus)
    if options.scratch:
        os.makedirs(options.scratch, exist_ok=True)
    owned = tempfile.mkdtemp(prefix="trailmerge-compare-", dir=options.scratch)
    options.scratch = owned
    chosen = commands(options)
    if options.only:
        unknown = set(options.only.split(",")) - set(chosen)
        if unknown:
            parser.error(f"unknown in --only: {', '.join(sorted(unknown))}")
        chosen = {n: c for n, c in chosen.items() if n == "trailmerge" or n in options.only.split(",")}
    try:
        compare(chosen, options)
    finally:
        shutil.rmtree(owned, ignore_errors=True)


def compare(chosen, options):
    samples, is_sorted, expected = {}, {}, None
    for number in range(options.runs):
        for name, command in list(chosen.items()):
            try:
                taken, out = run_once(command, options)
            except SystemExit as failure:
                if name == "trailmerge":
                    raise
                print(f"{name} is left out: {failure}", file=sys.stderr)
                del chosen[name]
                samples.pop(name, None)
                continue
            samples.setdefault(name, []).append(taken)
            print(f"{number + 1} {name}: {taken[0]:.2f} s", file=sys.stderr)
            if number == 0:
                found = outputs.facts(out)
                expected = expected or found
                problem = outputs.difference(found, expected)
                if problem:
                    raise SystemExit(f"{name} did not do the job: {problem}")
                is_sorted[name] = found["sorted"]
    print_table(samples, is_sorted)


main()
