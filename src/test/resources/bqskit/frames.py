"""Writes one frame of every message that reaches a server, as the real package makes them.

The last argument is the directory; each file is named after its message.
"""
import logging
import pickle
import sys
import uuid
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

from bqskit import Circuit
from bqskit.compiler.task import CompilationTask
from bqskit.ir.gates import CNOTGate
from bqskit.ir.gates import HGate
from bqskit.passes import QuickPartitioner
from bqskit.passes import UnfoldPass
from bqskit.runtime.address import RuntimeAddress
from bqskit.runtime.message import RuntimeMessage
from bqskit.runtime.result import RuntimeResult
from bqskit.runtime.task import RuntimeTask

directory = Path(sys.argv[-1])
task_id = uuid.UUID('01234567-89ab-cdef-fedc-ba9876543210')

circuit = Circuit(2)
circuit.append_gate(HGate(), 0)
circuit.append_gate(CNOTGate(), (0, 1))
task = CompilationTask(circuit, [QuickPartitioner(2), UnfoldPass()])
task.task_id = task_id
task.request_data = True
task.logging_level = 20
task.max_logging_depth = 3


def runtime_task(slot):
    root = RuntimeAddress(-1, 4, 0)
    return RuntimeTask(
        (max, (slot, 1), {}), RuntimeAddress(7, 2, slot), 4, (root, RuntimeAddress(7, 1, 0)),
        10, -1, f'named-{slot}', {'block': str(slot)},
    )


batch_crumbs = (RuntimeAddress(-1, 4, 0),)
batch = [runtime_task(slot) for slot in range(3)]
for each in batch:
    each.breadcrumbs = batch_crumbs
record = logging.LogRecord('bqskit.passes', 20, 'x.py', 3, 'Found %d blocks in %.2f s', (3, 1.5), None)
record.created = 1700000000.25

FRAMES = {
    'client-connect': (RuntimeMessage.CONNECT, ['/a', '', Path('/ignored'), '/ü']),
    'client-disconnect': (RuntimeMessage.DISCONNECT, None),
    'client-submit': (RuntimeMessage.SUBMIT, task),
    'client-request': (RuntimeMessage.REQUEST, task_id),
    'client-status': (RuntimeMessage.STATUS, uuid.UUID(int=1)),
    'client-cancel': (RuntimeMessage.CANCEL, uuid.UUID(int=2**128 - 1)),
    'manager-started': (RuntimeMessage.STARTED, 4),
    'manager-submit': (RuntimeMessage.SUBMIT, runtime_task(5)),
    'manager-submit-batch': (RuntimeMessage.SUBMIT_BATCH, batch),
    'manager-result': (RuntimeMessage.RESULT, RuntimeResult(RuntimeAddress(-1, 4, 0), (circuit, {}), 9)),
    'manager-error': (RuntimeMessage.ERROR, (4, 'Traceback: ü')),
    'manager-dying': (RuntimeMessage.ERROR, 'everything failed'),
    'manager-log': (RuntimeMessage.LOG, (4, pickle.dumps(record))),
    'manager-log-plain': (RuntimeMessage.LOG, (4, pickle.dumps(('a.b', 30, 'plain')))),
    'manager-cancel': (RuntimeMessage.CANCEL, RuntimeAddress(7, 2, 1)),
    'manager-waiting': (RuntimeMessage.WAITING, (2, RuntimeAddress(7, 2, 0))),
    'manager-waiting-none': (RuntimeMessage.WAITING, (1, None)),
    'manager-update': (RuntimeMessage.UPDATE, -1),
    'manager-update-more': (RuntimeMessage.UPDATE, 3),
    'manager-communicate': (RuntimeMessage.COMMUNICATE,
                            ([RuntimeAddress(7, 2, 0), RuntimeAddress(7, 2, 1)], {'best': 0.5})),
    'manager-shutdown': (RuntimeMessage.SHUTDOWN, None),
}
for name, message in FRAMES.items():
    for protocol in (2, 3, 4, 5):
        (directory / f'{name}.{protocol}').write_bytes(bytes(ForkingPickler.dumps(message, protocol)))
