"""Reads the frames that Quern wrote into a directory, and prints what is wrong with them."""
import pickle
import sys
import uuid
from pathlib import Path

from bqskit.compiler.status import CompilationStatus
from bqskit.compiler.task import CompilationTask
from bqskit.runtime.address import RuntimeAddress
from bqskit.runtime.message import RuntimeMessage as M
from bqskit.runtime.result import RuntimeResult
from bqskit.runtime.task import RuntimeTask

from same import same

directory = Path(sys.argv[-1])


def load(path):
    return pickle.loads((directory / path).read_bytes())


def check(what, found, *wanted):
    if not any(type(found) is type(w) and found == w for w in wanted):
        print(f'{what}: {found!r:.200} instead of {wanted!r:.200}')


def check_message(name, kind, payload):
    found = load(name)
    check(name, found[0], kind)
    check(name, type(found[0]), M)
    check(name, found[1], payload)
    check(name, type(found[1]), type(payload))


check_message('out/connect', M.CONNECT, (5, 1 << 29))
check_message('out/shutdown', M.SHUTDOWN, None)
check_message('out/paths', M.IMPORTPATH, ['/a', '/ü'])
check_message('out/cancel', M.CANCEL, RuntimeAddress(7, 2, 1))
check_message('out/ready', M.READY, None)
check_message('out/failure', M.ERROR, 'Traceback: ü\n' + 'x' * 300)
check_message('out/cancelled', M.CANCEL, None)
for status in CompilationStatus:
    check_message(f'out/status-{status.name}', M.STATUS, status)

for protocol in (2, 3, 4, 5):
    submitted = load(f'client-submit.{protocol}')[1]
    kind, tasks = load(f'out/root.{protocol}')
    check('root', kind, M.SUBMIT_BATCH)
    root = tasks[0]
    model = RuntimeTask((CompilationTask.run, (submitted,), {}), RuntimeAddress(-1, 11, 0), 11, (), 20, 3)
    model.task_id = root.task_id
    difference = same(model.fnargs, root.fnargs)
    if difference:
        print('root', protocol, difference)
    check('root run', root.fnargs[0] is CompilationTask.run, True)
    for each in (model, root):
        each.__dict__.pop('_fnargs')
        each.__dict__.pop('serialized_fnargs')
    difference = same(model, root)
    if difference:
        print('root', protocol, difference)

    batch = load(f'manager-submit-batch.{protocol}')[1]
    single = load(f'manager-submit.{protocol}')[1]
    kind, again = load(f'out/batch.{protocol}')
    check('batch', kind, M.SUBMIT_BATCH)
    wanted = [batch[2], single, batch[0]]
    difference = same(wanted, again, {}) if len(again) == 3 else 'lengths'
    for w, a in zip(wanted, again):
        difference = difference if 'shared' not in str(difference) else None
        difference = difference or same(w, a) or same(w.fnargs, a.fnargs)
    if difference:
        print('batch', protocol, difference)

    kind, result = load(f'out/result.{protocol}')
    check('result', kind, M.RESULT)
    check('result', type(result), RuntimeResult)
    difference = same(load(f'manager-result.{protocol}')[1], result)
    if difference:
        print('result', protocol, difference)
    kind, returned = load(f'out/returned.{protocol}')
    check('returned', kind, M.RESULT)
    difference = same(load(f'manager-result.{protocol}')[1].result, returned)
    if difference:
        print('returned', protocol, difference)
    kind, payload = load(f'out/communicate.{protocol}')
    check('communicate', kind, M.COMMUNICATE)
    difference = same(load(f'manager-communicate.{protocol}')[1], payload)
    if difference:
        print('communicate', protocol, difference)
    kind, payload = load(f'out/log.{protocol}')
    check('log', kind, M.LOG)
    check('log', pickle.loads(payload).getMessage(), 'Found 3 blocks in 1.50 s')
print('read')
