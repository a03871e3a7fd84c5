"""Prints the tables of docs/benchmarks.md from the files src/benchmark/levels left.   python3 level_tables.py target/benchmark"""
import csv
import math
import pathlib
import sys

directory = pathlib.Path(sys.argv[1])
rows = {}
for circuit, _, topology, who, before, cx, operations, depth, seconds, processor in csv.reader((directory / "levels.csv").open()):
    rows.setdefault((circuit, topology), {"before": int(before)})[who] = (int(cx), int(operations), int(depth), float(seconds), processor)
client = {}
if (directory / "client.csv").exists():
    client = {(r["circuit"], r["topology"]): float(r["milliseconds"]) for r in csv.DictReader((directory / "client.csv").open())}


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


for level in (1, 2, 3):
    quern, bqskit = f"quern-L{level}", f"bqskit-L{level}"
    measured = {key: row for key, row in sorted(rows.items()) if quern in row and bqskit in row}
    if not measured:
        continue
    over_http = level == 1 and client
    print(f"\n| circuit | coupling | CX in | Quern L{level} | BQSKit L{level} | Qiskit O3 | tket | depth: Quern | BQSKit | operations: Quern | BQSKit"
          f" | Quern ms | BQSKit ms | ratio |" + (" over HTTP, ms | ratio |" if over_http else ""))
    print("|---" * (16 if over_http else 14) + "|")
    ratios, from_outside, sums, at_most = [], [], [0] * 8, 0
    for (circuit, topology), row in measured.items():
        q, b = row[quern], row[bqskit]
        ratios.append(b[3] / q[3])
        numbers = [q[0], b[0], row["qiskit-O3"][0], row["tket"][0], q[2], b[2], q[1], b[1]]
        sums = [x + y for x, y in zip(sums, numbers)]
        at_most += q[0] <= b[0]
        line = f"| {circuit} | {topology} | {row['before']} | " + " | ".join(map(str, numbers))
        line += f" | {q[3] * 1e3:.1f} | {b[3] * 1e3:.0f} | {ratios[-1]:.0f} |"
        if over_http:
            from_outside.append(b[3] * 1e3 / client[circuit, topology])
            line += f" {client[circuit, topology]:.1f} | {from_outside[-1]:.0f} |"
        print(line)
    print("| **sum** | | | " + " | ".join(map(str, sums)) + " | | | |" + (" | |" if over_http else ""))
    print(f"\nLevel {level}: CX at most BQSKit's on {at_most} of {len(measured)} rows; BQSKit takes {mean(ratios):.0f} times as long (geometric mean;"
          f" {min(ratios):.0f} on the row where it is least)" + (f", over HTTP {mean(from_outside):.0f} (least {min(from_outside):.0f})." if over_http else "."))
    speed = [row["qiskit-O3"][3] / row[quern][3] for row in measured.values()]
    print(f"Qiskit takes {mean(speed):.2g} times as long.")
