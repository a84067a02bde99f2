"""A small exact network-flow solver: cheapest greatest flow by the primal-dual method, in whole numbers.

Every phase finds the shortest distances once and then pushes all flow of that length together, so that
613 items × 201 raters take seconds without a compiled library.
"""

from collections import deque
from heapq import heappop, heappush


class FlowNetwork:
    """Nodes are 0 … size - 1. Arcs have whole capacities and costs ≥ 0; an arc and its reverse are neighbours."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._arcs_of: list[list[int]] = [[] for _ in range(size)]
        self._head: list[int] = []
        self._room: list[int] = []
        self._cost: list[int] = []
        self._potential = [0] * size

    def add_arc(self, tail: int, head: int, capacity: int, cost: int = 0) -> int:
        """The number of the new arc, by which `flow_on` answers."""
        arc = len(self._head)
        self._arcs_of[tail].append(arc)
        self._arcs_of[head].append(arc + 1)
        self._head += (head, tail)
        self._room += (capacity, 0)
        self._cost += (cost, -cost)
        return arc

    def flow_on(self, arc: int) -> int:
        """The units that pass this arc."""
        return self._room[arc + 1]

    def send_all(self, source: int, sink: int) -> int:
        """Sends the greatest flow at the least cost; returns its units."""
        sent = 0
        while self._shorten(source, sink):
            while (levels := self._find_levels(source, sink)) is not None:
                sent += self._block(source, sink, levels)
        return sent

    def _shorten(self, source: int, sink: int) -> bool:
        """Dijkstra over reduced costs; afterwards a shortest path has only arcs of reduced cost 0."""
        far = 1 << 62
        distance = [far] * self.size
        distance[source] = 0
        heap = [(0, source)]
        head, room, cost, potential = self._head, self._room, self._cost, self._potential
        while heap:
            reached, node = heappop(heap)
            if reached > distance[node]:
                continue
            base = reached + potential[node]
            for arc in self._arcs_of[node]:
                if room[arc]:
                    other = head[arc]
                    there = base + cost[arc] - potential[other]
                    if there < distance[other]:
                        distance[other] = there
                        heappush(heap, (there, other))
        limit = distance[sink]
        if limit == far:
            return False
        for node in range(self.size):
            potential[node] += min(distance[node], limit)
        return True

    def _is_tight(self, tail: int, arc: int) -> bool:
        head = self._head[arc]
        return self._room[arc] > 0 and self._cost[arc] + self._potential[tail] == self._potential[head]

    def _find_levels(self, source: int, sink: int) -> list[int] | None:
        """Breadth-first levels over tight arcs; None when the sink is out of reach."""
        levels = [-1] * self.size
        levels[source] = 0
        waiting = deque((source,))
        while waiting:
            node = waiting.popleft()
            for arc in self._arcs_of[node]:
                other = self._head[arc]
                if levels[other] < 0 and self._is_tight(node, arc):
                    levels[other] = levels[node] + 1
                    waiting.append(other)
        return levels if levels[sink] >= 0 else None

    def _block(self, source: int, sink: int, levels: list[int]) -> int:
        """Pushes along tight arcs of rising level until no path is left."""
        following = [0] * self.size
        path: list[int] = []
        node, sent = source, 0
        while True:
            if node == sink:
                sent += self._push(path)
                path, node = [], source
                continue
            arc = self._step_on(node, levels, following)
            if arc is not None:
                path.append(arc)
                node = self._head[arc]
            elif not path:
                return sent
            else:
                node = self._head[path.pop() ^ 1]
                following[node] += 1

    def _step_on(self, node: int, levels: list[int], following: list[int]) -> int | None:
        arcs = self._arcs_of[node]
        while following[node] < len(arcs):
            arc = arcs[following[node]]
            if levels[self._head[arc]] == levels[node] + 1 and self._is_tight(node, arc):
                return arc
            following[node] += 1
        return None

    def _push(self, path: list[int]) -> int:
        units = min(self._room[arc] for arc in path)
        for arc in path:
            self._room[arc] -= units
            self._room[arc ^ 1] += units
        return units
