"""What the real Compiler does with a server: every line it prints is a case, and whether it holds.

Arguments: the server's port, the directory of runtime_passes.py.
"""
import logging
import sys
import time
import uuid

sys.path.append(sys.argv[2])

from bqskit import Circuit
from bqskit.compiler import Compiler
from bqskit.compiler.status import CompilationStatus
from bqskit.ir.gates import CNOTGate
from bqskit.ir.gates import HGate
from bqskit.passes import ForEachBlockPass
from bqskit.passes import QuickPartitioner
from bqskit.passes import ScanningGateRemovalPass
from bqskit.passes import UnfoldPass

import runtime_passes as passes

PORT = int(sys.argv[1])
records = []


class Collect(logging.Handler):
    def emit(self, record):
        records.append(record.getMessage())


def connect():
    return Compiler('localhost', PORT)


def check(case, holds, found=''):
    print('holds' if holds else 'FAILS', '|', case, '|', found, flush=True)


def said(compiler, workflow, **options):
    records.clear()
    compiler.compile(empty, workflow, **options)
    return list(records)


def cause_of(compiler, task):
    try:
        compiler.result(task)
    except RuntimeError as error:
        return str(error.__cause__)
    return 'nothing was raised'


empty = Circuit(2)
logging.getLogger('users.passes').addHandler(Collect())

with connect() as compiler:
    circuit = Circuit(3)
    circuit.append_gate(HGate(), 0)
    circuit.append_gate(CNOTGate(), (0, 1))
    circuit.append_gate(CNOTGate(), (1, 2))
    circuit.append_gate(CNOTGate(), (1, 2))
    workflow = [
        QuickPartitioner(2), ForEachBlockPass([ScanningGateRemovalPass()]), UnfoldPass(),
    ]
    result = compiler.compile(circuit, workflow)
    distance = result.get_unitary().get_distance_from(circuit.get_unitary())
    check('compile keeps the unitary', distance < 1e-6, distance)
    _, data = compiler.compile(empty, [passes.Handle()], request_data=True)
    check('map', data['map'] == [x * x for x in range(100)])
    check('submit', data['submit'] == 49)
    check('next', data['next'] == [(0, 3), (1, 2), (2, 1), (3, 4)], data['next'])
    check('cancel within a task', data['first'] >= 1)
    check('cache', len(data['cache']) == 3 and min(data['cache']) >= 1, data['cache'])
    check('communicate', data['heard'] == ['hello'], data['heard'])
    _, data = compiler.compile(empty, [passes.Nest(3000, 2)], request_data=True)
    check('nested maps of 3,000 x 2', data['sum'] == 3000, data['sum'])
    tasks = [compiler.submit(empty, [passes.Say('x')]) for _ in range(100)]
    check('100 submits', all(compiler.result(task).num_qudits == 2 for task in tasks))
    states = {compiler.status(task) for task in tasks}
    check('fetched tasks are done', states == {CompilationStatus.DONE}, states)
    check('results can be fetched again', compiler.result(tasks[0]).num_qudits == 2)

with connect() as compiler:
    logging.getLogger('users.passes').setLevel(logging.INFO)
    lines = said(
        compiler,
        [passes.Say('info'), passes.Say('debug', logging.DEBUG), passes.Say('warning', logging.WARNING)],
        logging_level=logging.INFO,
    )
    check('logging level', lines == ['info', 'warning'], lines)
    lines = said(compiler, [passes.Depths()], logging_level=logging.INFO, max_logging_depth=1)
    check('logging depth', lines == ['depth 0', 'depth 1'], lines)
    records.clear()
    task = compiler.submit(empty, [passes.Say('early')], logging_level=logging.INFO)
    while compiler.status(task) != CompilationStatus.DONE:
        time.sleep(0.02)
    check('no line before the request', not records, records)
    compiler.result(task)
    check('earlier lines come with the request', records == ['early'], records)

first = connect()
sibling = first.submit(empty, [passes.Sleep(1)])
failing = first.submit(empty, [passes.Fail()])
cause = cause_of(first, failing)
check('error with its traceback', 'Traceback' in cause and 'made a mistake' in cause, cause)
check('an error closes the compiler', first.conn is None)

second = connect()
check('its other tasks go on', second.result(sibling).num_qudits == 2)
status = second.status(failing)
check('a failed task is done', status == CompilationStatus.DONE, status)
task = second.submit(empty, [passes.Sleep(20)])
time.sleep(0.2)
check('a running task is running', second.status(task) == CompilationStatus.RUNNING)
check('cancel', second.cancel(task))
check('a cancelled task is unknown', second.status(task) == CompilationStatus.UNKNOWN)
check('cancel twice, and of an unknown id', second.cancel(task) and second.cancel(uuid.uuid4()))
unknown = uuid.uuid4()
check('an unknown id is unknown', second.status(unknown) == CompilationStatus.UNKNOWN)
cause = cause_of(second, unknown)
check('request of an unknown id names it', str(unknown) in cause, cause)

with connect() as one, connect() as two:
    mine = one.submit(empty, [passes.Say('one')])
    yours = two.submit(empty, [passes.Say('two')])
    check('clients side by side', one.result(mine) == two.result(yours))
    check('a task of another connection', two.result(mine).num_qudits == 2)
print('done', flush=True)
