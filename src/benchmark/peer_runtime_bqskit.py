"""Quern in the place of bqskit-server, beside the original, in one run on one machine.

    python peer_runtime_bqskit.py                     no-op tasks and submits, both servers in turns
    python peer_runtime_bqskit.py in-flight 10000     compilations of Circuit(2) at a time, Quern only

Clients, managers and workers are Python's in both cases; only the server differs. The Python that
runs this needs bqskit 1.2.1, the environment variable QUERN the command that starts Quern (default:
`java -Xmx256m -XX:+UseSerialGC --add-modules=jdk.incubator.vector -jar target/quern.jar`). ROUNDS
(default 7) says how many turns each has, WARM (default 10) how many go before that do not count, so
that a JVM has compiled what it will; the medians and their ratio are printed too. ARRANGEMENTS (default
`1x2,2x1`) are managers and workers of each.
"""
import os
import shlex
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from bqskit.compiler import Compiler
from bqskit.ir.circuit import Circuit

from peer_runtime_passes import identity
from peer_runtime_passes import Map
from peer_runtime_passes import Nop
from peer_runtime_passes import parent

PROGRAMS = os.path.dirname(sys.executable)
QUERN = os.environ.get(
    'QUERN', 'java -Xmx256m -XX:+UseSerialGC --add-modules=jdk.incubator.vector -jar target/quern.jar')
ROUNDS = int(os.environ.get('ROUNDS', '7'))
WARM = int(os.environ.get('WARM', '10'))
ARRANGEMENTS = os.environ.get('ARRANGEMENTS', '1x2,2x1')


def free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]


def start_managers(count, workers):
    ports, processes = [], []
    for _ in range(count):
        port = free_port()
        command = [
            os.path.join(PROGRAMS, 'bqskit-manager'), '-n', str(workers),
            '-p', str(port), '-w', str(free_port()),
        ]
        processes.append(subprocess.Popen(command))
        ports.append(port)
    return ['localhost:%d' % port for port in ports], processes


def start_server(kind, managers, port, directory):
    if kind == 'original':
        command = [os.path.join(PROGRAMS, 'bqskit-server'), *managers, '-p', str(port)]
        # The original gives up on a manager that is not up within some seconds.
        time.sleep(8)
    else:
        command = [
            *shlex.split(QUERN), 'bqskit-server', *managers, '-p', str(port),
            '--server.port=%d' % free_port(), '--management.server.port=%d' % free_port(),
            '--quern.store.path=' + directory, '--quern.link.port=-1',
            '--quern.runtime.local-manager=false', '--logging.level.root=warn',
        ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def connect(port):
    for _ in range(30):
        try:
            return Compiler('localhost', port)
        except RuntimeError:
            time.sleep(1)
    raise RuntimeError('the server does not answer')


def cpu(process):
    """User and system time of a process so far, in seconds."""
    with open('/proc/%d/stat' % process.pid) as stat:
        fields = stat.read().rsplit(') ', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Cluster:
    def __init__(self, kind, managers, workers):
        self.directory = tempfile.mkdtemp()
        addresses, self.managers = start_managers(managers, workers)
        port = free_port()
        self.server = start_server(kind, addresses, port, self.directory)
        self.compiler = connect(port)
        self.compiler.compile(Circuit(2), [Nop()])

    def close(self):
        self.compiler.close()
        self.server.send_signal(signal.SIGINT)
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.server.kill()
        for manager in self.managers:
            try:
                manager.wait(10)
            except subprocess.TimeoutExpired:
                manager.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


def seconds(compiler, function, n):
    _, data = compiler.compile(Circuit(2), [Map(function, n)], request_data=True)
    return data['seconds']


def submits(cluster, count):
    compiler, circuit = cluster.compiler, Circuit(2)
    before, start = cpu(cluster.server), time.perf_counter()
    for task in [compiler.submit(circuit, [Nop()]) for _ in range(count)]:
        compiler.result(task)
    elapsed = time.perf_counter() - start
    return count / elapsed, (cpu(cluster.server) - before) / count * 1e6


def rounds(cluster):
    """What is measured, once."""
    rate, microseconds = submits(cluster, 1000)
    return {
        'flat tasks/s': 10000 / seconds(cluster.compiler, identity, 10000),
        'nested tasks/s': 9000 / seconds(cluster.compiler, parent, 3000),
        'submits and results/s': rate,
        'server CPU, us per submit': microseconds,
    }


def compare():
    for arrangement in ARRANGEMENTS.split(','):
        managers, workers = [int(number) for number in arrangement.split('x')]
        # Both are up all the time and take turns, so that a machine that is slower for a while is so for both.
        clusters = {kind: Cluster(kind, managers, workers) for kind in ('original', 'quern')}
        figures = {kind: {} for kind in clusters}
        try:
            for turn in range(-WARM, ROUNDS):
                for kind, cluster in clusters.items():
                    for name, value in rounds(cluster).items():
                        if turn >= 0:
                            figures[kind].setdefault(name, []).append(value)
        finally:
            for cluster in clusters.values():
                cluster.close()
        for name, originals in figures['original'].items():
            medians = {}
            for kind in clusters:
                values = figures[kind][name]
                medians[kind] = statistics.median(values)
                shown = ' '.join('%.0f' % value for value in values)
                print('%d x %d | %-8s | %-26s | %s | median %.0f' % (
                    managers, workers, kind, name, shown, medians[kind]))
            ratios = [ours / theirs for ours, theirs in zip(figures['quern'][name], originals)]
            print('%d x %d | ratio    | %-26s | of the medians %.2f, median of the turns %.2f' % (
                managers, workers, name, medians['quern'] / medians['original'], statistics.median(ratios)), flush=True)


def in_flight(count):
    cluster = Cluster('quern', 1, 2)
    try:
        compiler, circuit = cluster.compiler, Circuit(2)
        start = time.perf_counter()
        tasks = [compiler.submit(circuit, [Nop()]) for _ in range(count)]
        print('%d submitted in %.1f s' % (count, time.perf_counter() - start), flush=True)
        for task in tasks:
            assert compiler.result(task).num_qudits == 2
        print('%d results after %.1f s' % (count, time.perf_counter() - start), flush=True)
        with open('/proc/%d/status' % cluster.server.pid) as status:
            print([line.strip() for line in status if line.startswith('VmHWM')])
    finally:
        cluster.close()


if __name__ == '__main__':
    if sys.argv[1:2] == ['in-flight']:
        in_flight(int(sys.argv[2]))
    else:
        compare()
