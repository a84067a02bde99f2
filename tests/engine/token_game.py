"""The token game: what a block-structured process does, computed from its tree alone, without any engine."""

from tests.engine.blocks import Block

DONE = None


class Activity:
    """A block under way. `detached` collects what non-interrupting boundary events have started in its scope."""

    def __init__(self, block: Block, values: dict, detached: list):
        self.block, self.detached = block, detached
        self.state = getattr(self, f"_start_{block.kind}")(values)

    @property
    def done(self) -> bool:
        return self.state is DONE

    def waiting(self) -> list[str]:
        return [] if self.done else getattr(self, f"_waiting_{self.block.kind}")()

    def fire(self, node: str, values: dict) -> None:
        self.state = getattr(self, f"_fire_{self.block.kind}")(node, values)

    def _child(self, block: Block, values: dict) -> "Activity":
        return Activity(block, values, self.detached)

    # a leaf waits once
    def _start_leaf(self, _values):
        return "waiting"

    def _waiting_leaf(self):
        return [self.block.id]

    def _fire_leaf(self, _node, _values):
        return DONE

    # a sequence keeps its place and the block under way
    def _start_seq(self, values, index=0):
        while index < len(self.block.parts):
            child = self._child(self.block.parts[index], values)
            if not child.done:
                return index, child
            index += 1
        return DONE

    def _waiting_seq(self):
        return self.state[1].waiting()

    def _fire_seq(self, node, values):
        index, child = self.state
        child.fire(node, values)
        return self.state if not child.done else self._start_seq(values, index + 1)

    # and, or and xor keep the list of branches under way
    def _start_branches(self, chosen, values):
        children = [self._child(part, values) for part in chosen]
        children = [child for child in children if not child.done]
        return children or DONE

    def _start_and(self, values):
        return self._start_branches(self.block.parts, values)

    def _start_xor(self, values):
        return self._start_branches([self.block.parts[values[self.block.id]]], values)

    def _start_or(self, values):
        *guarded, default = self.block.parts
        chosen = [part for index, part in enumerate(guarded) if values[f"{self.block.id}_{index}"]]
        return self._start_branches(chosen or [default], values)

    def _waiting_and(self):
        return [node for child in self.state for node in child.waiting()]

    def _fire_and(self, node, values):
        child = next(child for child in self.state if node in child.waiting())
        child.fire(node, values)
        return [child for child in self.state if not child.done] or DONE

    _waiting_xor = _waiting_or = _waiting_and
    _fire_xor = _fire_or = _fire_and

    # a loop keeps the round under way
    def _start_loop(self, values):
        return self._child(self.block.parts[0], values)

    def _waiting_loop(self):
        return self.state.waiting()

    def _fire_loop(self, node, values):
        self.state.fire(node, values)
        if not self.state.done:
            return self.state
        return self._start_loop(values) if values[self.block.id] else DONE

    # a choice keeps the branch under way once it is made
    def _start_choice(self, _values):
        return "choosing"

    def _waiting_choice(self):
        if self.state == "choosing":
            return [part.parts[0].id for part in self.block.parts]
        return self.state.waiting()

    def _fire_choice(self, node, values):
        if self.state == "choosing":
            part = next(part for part in self.block.parts if part.parts[0].id == node)
            branch = self._child(part, values)
        else:
            branch = self.state
        branch.fire(node, values)
        return DONE if branch.done else branch

    # a boundary keeps the activity or its handler, and whether it is armed
    def _start_boundary(self, values):
        child = self._child(self.block.parts[0], values)
        return DONE if child.done else (child, True)

    def _waiting_boundary(self):
        child, armed = self.state
        return child.waiting() + ([self.block.id] if armed else [])

    def _fire_boundary(self, node, values):
        child, armed = self.state
        if node != self.block.id or not armed:
            child.fire(node, values)
            return DONE if child.done else self.state
        if self.block.interrupting:
            handler = self._child(self.block.parts[1], values)
            return DONE if handler.done else (handler, False)
        self.detached.append(self._child(self.block.parts[1], values))
        return child, False

    # a sub-process keeps its scope
    def _start_sub(self, values):
        scope = Scope(self.block.parts[0], values)
        return DONE if scope.done else scope

    def _waiting_sub(self):
        return self.state.waiting()

    def _fire_sub(self, node, values):
        self.state.fire(node, values)
        return DONE if self.state.done else self.state


class Scope:
    """A process or sub-process: its main block, and what was detached from it. Done when nothing is under way."""

    def __init__(self, block: Block, values: dict):
        self.detached: list[Activity] = []
        self.main = Activity(block, values, self.detached)

    @property
    def _under_way(self) -> list[Activity]:
        return [activity for activity in (self.main, *self.detached) if not activity.done]

    @property
    def done(self) -> bool:
        return not self._under_way

    def waiting(self) -> list[str]:
        return sorted(node for activity in self._under_way for node in activity.waiting())

    def fire(self, node: str, values: dict) -> None:
        next(activity for activity in self._under_way if node in activity.waiting()).fire(node, values)
