"""Prints the tables of docs/benchmarks.md from the CSV files src/benchmark/run left.   python3 tables.py target/benchmark"""
import csv
import math
import pathlib
import statistics
import sys

directory = pathlib.Path(sys.argv[1])

figures = {}
for name, value in (line.rsplit(",", 1) for line in (directory / "service.csv").read_text().splitlines()):
    figures.setdefault(name, []).append(float(value))
print("| figure | median | runs |\n|---|---|---|")
for name, values in figures.items():
    print(f"| {name} | {statistics.median(values):g} | {', '.join('%g' % v for v in values) if len(values) > 1 else 1} |")

bqskit = {}
for row in csv.reader((directory / "bqskit.csv").open()):
    bqskit[row[0], row[2]] = int(row[5]), int(row[8]), float(row[9])
print("\n| circuit | coupling | CX in | Quern CX | BQSKit CX | Quern 2q depth | BQSKit 2q depth | Quern ms | BQSKit ms | ratio |")
print("|---|---|---|---|---|---|---|---|---|---|")
ratios, at_most, rows = [], 0, 0
for row in csv.DictReader((directory / "circuits.csv").open()):
    cx, depth, seconds = bqskit[row["circuit"], row["topology"]]
    ratio = seconds * 1e3 / float(row["milliseconds"])
    ratios.append(ratio)
    rows += 1
    at_most += int(row["cx_out"]) <= cx
    print(f"| {row['circuit']} | {row['topology']} | {row['cx_in']} | {row['cx_out']} | {cx} | {row['two_qubit_depth']} |"
          f" {depth} | {float(row['milliseconds']):.1f} | {seconds * 1e3:.0f} | {ratio:.0f} |")
print(f"\nCX at most BQSKit's on {at_most} of {rows} rows; BQSKit takes {math.exp(statistics.mean(map(math.log, ratios))):.0f}"
      " times as long (geometric mean).")
