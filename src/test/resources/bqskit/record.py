"""Writes pickles of many values, by every pickler and protocol, into a directory.

The last argument is the directory. Names end in the protocol; what is in `dill-*` needs dill.
"""
import collections
import datetime
import enum
import fractions
import logging
import pickle
import sys
import uuid
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import dill
import numpy as np
from bqskit import Circuit
from bqskit.compiler.passdata import PassData
from bqskit.compiler.status import CompilationStatus
from bqskit.compiler.task import CompilationTask
from bqskit.ir.gates import CNOTGate
from bqskit.ir.gates import HGate
from bqskit.ir.gates import U3Gate
from bqskit.passes import QuickPartitioner
from bqskit.runtime.address import RuntimeAddress
from bqskit.runtime.message import RuntimeMessage
from bqskit.runtime.result import RuntimeResult
from bqskit.runtime.task import RuntimeTask

import values

directory = Path(sys.argv[-1])


def circuit():
    made = Circuit(3)
    made.append_gate(HGate(), 0)
    made.append_gate(CNOTGate(), (0, 2))
    made.append_gate(U3Gate(), 1, [0.1, -2.5, 1e-9])
    return made


def cycles():
    ring = [1]
    ring.append(ring)
    table = {'self': None, 'ring': ring}
    table['self'] = table
    inner = []
    knot = (inner, 'knot')
    inner.append(knot)
    wide_inner = {}
    wide = (1, 2, 3, 4, wide_inner)
    wide_inner['wide'] = wide
    node = values.Node('a')
    node.other = values.Node('b')
    node.other.other = node
    node.pair = (node, node.other)
    frozen = values.Node('frozen')
    frozen.set = frozenset([frozen])
    return [ring, table, knot, wide, node, frozen]


def shared():
    common = ['common']
    text = 'a text that is shared'
    return {'a': common, 'b': (common, common), 'c': [text, text], 'd': text}


VALUES = {
    'constants': [None, True, False, Ellipsis, NotImplemented],
    'integers': [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1,
                 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64, 3**500, -3**500, 7**2000],
    'floats': [0.0, -0.0, 1.5, float('inf'), float('-inf'), 1e-320, 3.14],
    'texts': ['', 'a', 'ä€𝄞', 'x' * 300, 'lone \ud800 surrogate', '\n', 'é' * 70000],
    'bytes': [b'', b'a', bytes(range(256)), b'y' * 70000, bytearray(b''), bytearray(b'z' * 300)],
    'containers': [[], (), {}, set(), frozenset(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
                   list(range(2500)), dict.fromkeys(range(2500)), set(range(2500)),
                   frozenset(range(10)), [[[[]]]], {'a': {'b': {'c': ()}}}],
    'objects': [values.Node('n'), values.Slots(1, 2), values.Color.RED, values.Flag.A | values.Flag.B,
                values.Subclass([1, 2], 'more'), values.SubDict({'k': 1}, 'more'),
                values.WithNew(1, key='two'), values.Point(1, 2), values.Stateful(3),
                collections.OrderedDict(a=1, b=2), collections.deque([1, 2], 5),
                collections.defaultdict(list, a=[1]), collections.Counter('hello'),
                fractions.Fraction(1, 3), datetime.datetime(2020, 1, 2, 3, 4, 5),
                uuid.UUID(int=5), uuid.uuid4(), complex(1, -2), range(3), slice(1, 2, 3),
                Path('a/b'), ValueError('bad', 1)],
    'names': [len, values.Node, values.Node.method, dict.fromkeys, collections.OrderedDict,
              values.Outer.Inner, values.Outer.Inner()],
    'cycles': cycles(),
    'shared': shared(),
    'arrays': [np.zeros((2, 3)), np.arange(5, dtype=np.complex128), np.array(['a', 'b']),
               np.float64(1.5), np.array([[1, 2], [3, 4]])[:, ::-1], np.zeros(100000)],
    'circuit': circuit(),
    'data': PassData(circuit()),
    'task': CompilationTask(circuit(), [QuickPartitioner(2)]),
    'runtime': [RuntimeAddress(-1, 3, 0), RuntimeResult(RuntimeAddress(7, 1, 2), circuit(), 9),
                RuntimeMessage.SUBMIT, CompilationStatus.DONE,
                RuntimeTask((values.double, (4,), {}), RuntimeAddress(5, 6, 7), 3,
                            (RuntimeAddress(-1, 3, 0),), 10, 2, 'named', {'block': '1'})],
    'log': logging.LogRecord('bqskit.test', 20, 'here.py', 12, 'Found %d in %s', (3, 'x'), None),
}

for name, value in VALUES.items():
    for protocol in (2, 3, 4, 5):
        (directory / f'{name}.{protocol}').write_bytes(pickle.dumps(value, protocol))
        # Python's own pickler, in Python, orders some opcodes otherwise.
        (directory / f'{name}-python.{protocol}').write_bytes(pickle._dumps(value, protocol))
    (directory / f'{name}-forking.4').write_bytes(bytes(ForkingPickler.dumps(value)))

FUNCTIONS = values.functions()
for name, value in {**VALUES, **FUNCTIONS}.items():
    for recurse in (False, True):
        for protocol in (2, 3, 4, 5):
            kind = 'dill-recurse' if recurse else 'dill'
            try:
                pickled = dill.dumps(value, protocol, recurse=recurse)
            except (RecursionError, AttributeError, pickle.PicklingError, TypeError):
                continue  # dill has its limits, too
            (directory / f'{kind}-{name}.{protocol}').write_bytes(pickled)
