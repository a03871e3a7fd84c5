"""Tables of what src/benchmark/runtime measured: each figure with its runs, then the peers and the ratios to them."""
import os
import re
import sys

rows = [line.rstrip('\n').split(',') for line in open(sys.argv[1])]
print('\n| figure | median | unit | runs |\n|---|---|---|---|')
for what, median, unit, runs in (row for row in rows if len(row) == 4):
    print('| %s | %s | %s | %s |' % (what, median, unit, runs.replace(' ', ', ')))

medians = {row[0]: float(row[1]) for row in rows if len(row) == 4}


def ours(begins, *, without=('CPU',)):
    found = [value for what, value in medians.items() if what.startswith(begins) and not any(w in what for w in without)]
    return found[0] if found else None


peers = {}
if len(sys.argv) > 2 and os.path.exists(sys.argv[2]):
    for line in open(sys.argv[2]):
        peer = line.split(':')[0]
        rate = re.search(r'(flat|nested) (\d+)[a-z ]* tasks: (\d+) tasks/s', line)
        trip = re.search(r'(?:round trip|no-op compile\(\)): p50 ([0-9.]+) ms, p99 ([0-9.]+) ms', line)
        jobs = re.search(r'submits and results: (\d+)/s', line)
        if rate:
            peers[peer, rate.group(1)] = float(rate.group(3))
        if trip:
            peers[peer, 'p50'], peers[peer, 'p99'] = float(trip.group(1)), float(trip.group(2))
        if jobs:
            peers[peer, 'jobs'] = float(jobs.group(1))

compared = (
    ('flat', 'runtime tasks, flat, kept by one manager', ours('runtime tasks kept by one manager'), False),
    ('flat', 'runtime tasks, flat, across the server', ours('runtime tasks that cross the server'), False),
    ('nested', 'runtime tasks, nested', ours('nested'), False),
    ('p50', 'no-op compilation, p50 ms', ours('no-op compilation by REST POST to result p50'), True),
    ('p99', 'no-op compilation, p99 ms', ours('no-op compilation by REST POST to result p99'), True),
    ('jobs', 'single submissions a second', ours('durable submissions single'), False),
)
print('\n| | Quern | BQSKit detached | Ray | Dask | better than BQSKit by |\n|---|---|---|---|---|---|')
for key, what, value, less_is_better in compared:
    cells = [peers.get((peer, key)) for peer in ('bqskit', 'ray', 'dask')]
    ratio = '' if value is None or not cells[0] else '%.1f' % (cells[0] / value if less_is_better else value / cells[0])
    print('| %s | %s | %s | %s |' % (what, '' if value is None else '%g' % value, ' | '.join('' if c is None else '%g' % c for c in cells), ratio))
