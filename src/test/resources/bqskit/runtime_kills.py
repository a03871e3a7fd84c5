"""Kills managers with signal 9 while they work, and starts others in their place.

Arguments: the server's port, the directory of runtime_passes.py, the managers' ports with commas
between them, how many kills, seconds between them. Prints how many tasks ended with their right
results.
"""
import os
import random
import subprocess
import sys
import threading
import time

sys.path.append(sys.argv[2])

from bqskit import Circuit
from bqskit.compiler import Compiler

import runtime_passes as passes

port = int(sys.argv[1])
ports = [int(each) for each in sys.argv[3].split(',')]
kills = int(sys.argv[4])
pause = float(sys.argv[5])
program = os.path.join(os.path.dirname(sys.executable), 'bqskit-manager')
managers = {}


def start(manager):
    command = [program, '-n', '1', '-p', str(manager), '-w', str(manager + 1)]
    managers[manager] = subprocess.Popen(command)


def kill():
    for number in range(1, kills + 1):
        time.sleep(pause)
        manager = random.choice(ports)
        managers[manager].kill()
        managers[manager].wait()
        print('kill', number, 'of the manager on', manager, file=sys.stderr, flush=True)
        start(manager)


def main():
    for manager in ports:
        start(manager)
    sizes = random.Random(1)
    killer = threading.Thread(target=kill)
    ended = 0
    with Compiler('localhost', port) as compiler:
        killer.start()
        while killer.is_alive() or ended == 0:
            tasks = []
            for _ in range(10):
                outer, inner = sizes.randint(3, 30), sizes.randint(1, 5)
                workflow = [passes.Nest(outer, inner), passes.Busy(outer, inner)]
                task = compiler.submit(Circuit(2), workflow, request_data=True)
                tasks.append((task, outer, inner))
            for task, outer, inner in tasks:
                _, data = compiler.result(task)
                assert data['sum'] == outer * sum(x * x for x in range(inner)), data['sum']
                assert data['busy'] == inner * sum(range(outer)), data['busy']
                ended += 1
    killer.join()
    print(ended, flush=True)


try:
    main()
finally:
    for each in managers.values():
        each.kill()
