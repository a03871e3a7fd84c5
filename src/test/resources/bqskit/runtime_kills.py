"""Kills managers with signal 9 while they work, and starts others in their place.

Ten tasks are in flight all the time, so that none is alone on a manager, and those that were so at a
kill have ended before the next but one: a task that has seen more managers end counts as poisonous.

Arguments: the server's port, the directory of runtime_passes.py, the managers' ports with commas
between them, how many kills, least seconds between them. Prints how many tasks ended with their
right results.
"""
import collections
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


submitted = ended = 0
change = threading.Condition()


def kill():
    must_have_ended = [0, 0]
    for number in range(1, kills + 1):
        time.sleep(pause)
        with change:
            change.wait_for(lambda: ended >= must_have_ended[0])
            must_have_ended = [must_have_ended[1], submitted]
        manager = random.choice(ports)
        managers[manager].kill()
        managers[manager].wait()
        print('kill', number, 'of the manager on', manager, 'after', ended, 'tasks', file=sys.stderr, flush=True)
        start(manager)


def count(a, b):
    global submitted, ended
    with change:
        submitted += a
        ended += b
        change.notify_all()


def main():
    for manager in ports:
        start(manager)
    sizes = random.Random(1)
    killer = threading.Thread(target=kill, daemon=True)
    in_flight = collections.deque()
    with Compiler('localhost', port) as compiler:
        killer.start()
        while in_flight or killer.is_alive():
            while len(in_flight) < 10 and killer.is_alive():
                outer, inner = sizes.randint(3, 20), sizes.randint(1, 3)
                workflow = [passes.Nest(outer, inner), passes.Busy(outer, inner)]
                task = compiler.submit(Circuit(2), workflow, request_data=True)
                in_flight.append((task, outer, inner))
                count(1, 0)
            task, outer, inner = in_flight.popleft()
            _, data = compiler.result(task)
            assert data['sum'] == outer * sum(x * x for x in range(inner)), data['sum']
            assert data['busy'] == inner * sum(range(outer)), data['busy']
            count(0, 1)
    print(ended, flush=True)


try:
    main()
finally:
    for each in managers.values():
        each.kill()
