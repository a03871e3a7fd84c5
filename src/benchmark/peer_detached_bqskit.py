"""BQSKit runtime overheads on this machine, 2 workers: no-op runtime tasks per second and no-op compilations.

    python peer_detached_bqskit.py attached
    python peer_detached_bqskit.py detached     (server and manager on localhost)
"""
import signal, statistics, subprocess, sys, time
from bqskit.compiler import Compiler
from bqskit.ir.circuit import Circuit
from peer_runtime_passes import Map, Nop, identity, parent

if __name__ == '__main__':
    mode = sys.argv[1]
    if mode == 'detached':
        manager = subprocess.Popen(['bqskit-manager', '-n2'])
        server = subprocess.Popen(['bqskit-server', 'localhost'])
        compiler = Compiler('localhost')
    else:
        compiler = Compiler(num_workers=2)
    circuit = Circuit(2)
    compiler.compile(circuit, [Nop()])
    for label, function, n, tasks in (('flat', identity, 1000, 1000), ('flat', identity, 10000, 10000), ('nested', parent, 3000, 9000)):
        _, data = compiler.compile(circuit, [Map(function, n)], request_data=True)
        print(mode, label, tasks, 'runtime tasks: %.0f tasks/s' % (tasks / data['seconds']), flush=True)
    times = []
    for _ in range(200):
        start = time.perf_counter()
        compiler.compile(circuit, [Nop()])
        times.append((time.perf_counter() - start) * 1e3)
    print(mode, 'no-op compile(): p50 %.2f ms, p99 %.2f ms' % (statistics.median(times), sorted(times)[197]))
    start = time.perf_counter()
    for task in [compiler.submit(circuit, [Nop()]) for _ in range(1000)]:
        compiler.result(task)
    print(mode, '1000 submits and results: %.0f/s' % (1000 / (time.perf_counter() - start)))
    compiler.close()
    if mode == 'detached':
        server.send_signal(signal.SIGINT)
        server.wait()
        manager.wait()
