"""Quern in the place of bqskit-server, beside the original, in one run on one machine.

    python peer_runtime_bqskit.py                     no-op tasks and submits, both servers in turns
    python peer_runtime_bqskit.py in-flight 10000     compilations of Circuit(2) at a time, Quern only

Clients, managers and workers are Python's in both cases; only the server differs. The Python that
runs this needs bqskit 1.2.1, the environment variable QUERN the command that starts Quern (default:
`java -Xmx256m -XX:+UseSerialGC --add-modules=jdk.incubator.vector -jar target/quern.jar`). ROUNDS
(default 3) says how often each is measured, WARM (default 4) how often everything is done before, so
that a JVM has compiled what it will; the median of each is printed too. ARRANGEMENTS (default
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
ROUNDS = int(os.environ.get('ROUNDS', '3'))
WARM = int(os.environ.get('WARM', '4'))
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


def measure(kind, managers, workers):
    cluster = Cluster(kind, managers, workers)
    try:
        compiler = cluster.compiler
        # As a server that has been up for a while.
        for _ in range(WARM):
            submits(cluster, 1000)
            seconds(compiler, identity, 10000)
            seconds(compiler, parent, 3000)
        figures = {}
        for _ in range(ROUNDS):
            rate, microseconds = submits(cluster, 1000)
            for name, value in (
                ('flat tasks/s', 10000 / seconds(compiler, identity, 10000)),
                ('nested tasks/s', 9000 / seconds(compiler, parent, 3000)),
                ('submits and results/s', rate),
                ('server CPU, us per submit', microseconds),
            ):
                figures.setdefault(name, []).append(value)
        return figures
    finally:
        cluster.close()


def compare():
    for arrangement in ARRANGEMENTS.split(','):
        managers, workers = [int(number) for number in arrangement.split('x')]
        for kind in ('original', 'quern'):
            for name, values in measure(kind, managers, workers).items():
                shown = ' '.join('%.0f' % value for value in values)
                print('%d x %d | %-8s | %-26s | %s | median %.0f' % (
                    managers, workers, kind, name, shown, statistics.median(values)), flush=True)


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
