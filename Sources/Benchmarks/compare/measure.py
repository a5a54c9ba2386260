"""Runs a command and says what it took."""

import os
import subprocess
import threading
import time

PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(root):
    """The process and all below it."""
    found, rest = [], [root]
    while rest:
        process = rest.pop()
        found.append(process)
        try:
            for task in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{task}/children") as file:
                    rest += [int(word) for word in file.read().split()]
        except OSError:
            pass
    return found


def resident(processes):
    """Bytes in memory that are not shared with files: so two processes of one program count right."""
    total = 0
    for process in processes:
        try:
            with open(f"/proc/{process}/statm") as file:
                _, pages, shared = file.read().split()[:3]
            total += (int(pages) - int(shared)) * PAGE
        except (OSError, ValueError):
            pass
    return total


def run(command, sync):
    """Runs `command`, then `sync` if asked for; wall and CPU seconds, peak bytes."""
    before = os.times()
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = [0]

    def watch():
        while process.poll() is None:
            peak[0] = max(peak[0], resident(tree(process.pid)))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    if sync:
        os.sync()
    wall = time.monotonic() - start
    watcher.join()
    after = os.times()
    if status != 0:
        raise SystemExit(f"{command[0]} ended with status {status}")
    processor = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return wall, processor, peak[0]
