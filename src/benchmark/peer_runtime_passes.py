"""BQSKit passes that do nothing but use the runtime; in a module of their own because the workers
import them."""
import time

from bqskit.compiler import BasePass
from bqskit.runtime import get_runtime


def identity(i):
    return i


async def parent(i):
    return await get_runtime().map(identity, [2 * i, 2 * i + 1])


class Map(BasePass):
    """Maps `function` over n integers and leaves the seconds it took in the pass data."""

    def __init__(self, function, n):
        self.function, self.n = function, n

    async def run(self, circuit, data):
        start = time.perf_counter()
        results = await get_runtime().map(self.function, list(range(self.n)))
        data['seconds'] = time.perf_counter() - start
        assert len(results) == self.n


class Nop(BasePass):
    async def run(self, circuit, data):
        pass
