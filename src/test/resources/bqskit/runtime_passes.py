"""Passes of a user's own module, which the workers can only import by the client's import path."""
import logging
import os
import time

from bqskit.compiler.basepass import BasePass
from bqskit.runtime import get_runtime

_logger = logging.getLogger('users.passes')


def square(x):
    return x * x


def wait(x):
    time.sleep(0.01 * min(x, 5))
    return x


async def squares(n):
    return sum(await get_runtime().map(square, range(n)))


async def waits(x, n):
    return sum(await get_runtime().map(wait, [x] * n))


async def listen():
    for _ in range(1000):
        messages = get_runtime().get_messages()
        if messages:
            return messages
        await get_runtime().submit(wait, 1)
    return []


def count(_):
    cache = get_runtime().get_cache()
    cache['count'] = cache.get('count', 0) + 1
    return cache['count']


async def deeper(depth):
    _logger.info('depth %d', depth)
    if depth < 3:
        await get_runtime().submit(deeper, depth + 1)


class Say(BasePass):
    def __init__(self, text, level=logging.INFO):
        self.text = text
        self.level = level

    async def run(self, circuit, data):
        _logger.log(self.level, self.text)
        data['said'] = self.text


class Fail(BasePass):
    async def run(self, circuit, data):
        raise ValueError('the user made a mistake')


class Sleep(BasePass):
    def __init__(self, seconds):
        self.seconds = seconds

    async def run(self, circuit, data):
        time.sleep(self.seconds)


class EndWorker(BasePass):
    async def run(self, circuit, data):
        os._exit(1)


class Handle(BasePass):
    """Uses everything a runtime handle offers."""

    async def run(self, circuit, data):
        runtime = get_runtime()
        data['map'] = await runtime.map(square, list(range(100)))
        data['submit'] = await runtime.submit(square, 7)
        future = runtime.map(wait, [3, 2, 1, 4])
        results = []
        while len(results) < 4:
            results += await runtime.next(future)
        data['next'] = sorted(results)
        future = runtime.map(wait, list(range(50)))
        data['first'] = len(await runtime.next(future))
        runtime.cancel(future)
        data['cache'] = await runtime.map(count, [0, 1, 2])
        future = runtime.submit(listen)
        await runtime.submit(wait, 5)
        runtime.communicate(future, 'hello')
        data['heard'] = await future


class Nest(BasePass):
    def __init__(self, outer, inner):
        self.outer = outer
        self.inner = inner

    async def run(self, circuit, data):
        data['sum'] = sum(await get_runtime().map(squares, [self.inner] * self.outer))


class Busy(BasePass):
    """The sum of x * inner over x below outer, by tasks that take up to 50 ms each."""

    def __init__(self, outer, inner):
        self.outer = outer
        self.inner = inner

    async def run(self, circuit, data):
        rows = list(range(self.outer))
        data['busy'] = sum(await get_runtime().map(waits, rows, [self.inner] * self.outer))


class Depths(BasePass):
    async def run(self, circuit, data):
        _logger.info('depth 0')
        await get_runtime().submit(deeper, 1)
