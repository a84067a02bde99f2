"""Random edits of a block process, as a designer makes them: insert, remove, rename, add a branch, wrap."""

from copy import deepcopy
from random import Random

from tests.engine.blocks import Block, Drawing, Grammar

EDITS = ("insert", "remove", "rename", "branch", "wrap")


class Editor:
    """Edits a copy of a process; new blocks get names that the process does not have."""

    def __init__(self, block: Block, random: Random, kinds: tuple[str, ...]):
        self.block, self.random = deepcopy(block), random
        self.fresh = Grammar(random, kinds)
        self.fresh.name = lambda letter, name=self.fresh.name: "new_" + name(letter)
        self.renamed = ""

    @property
    def xml(self) -> bytes:
        drawn = Drawing(self.block).xml
        if not self.renamed:
            return drawn
        return drawn.replace(f'id="{self.renamed}"'.encode(), f'id="{self.renamed}" name="改名"'.encode(), 1)

    def apply(self, edit: str) -> None:
        getattr(self, f"_{edit}")()

    def _sequences(self) -> list[Block]:
        return [block for block in self.block.walk() if block.kind == "seq" and block.parts]

    def _insert(self) -> None:
        sequence = self.random.choice(self._sequences())
        sequence.parts.insert(self._place(sequence), self.fresh.block(1))

    def _place(self, sequence: Block) -> int:
        """Never before the event that a choice waits for, nor before what makes a loop wait."""
        guarded = any(sequence in block.parts for block in self.block.walk() if block.kind in ("loop", "choice"))
        return self.random.randint(1 if guarded else 0, len(sequence.parts))

    def _remove(self) -> None:
        long = [sequence for sequence in self._sequences() if len(sequence.parts) > 1]
        if long:
            sequence = self.random.choice(long)
            guarded = any(sequence in b.parts for b in self.block.walk() if b.kind in ("loop", "choice"))
            sequence.parts.pop(self.random.randint(1 if guarded else 0, len(sequence.parts) - 1))

    def _rename(self) -> None:
        leaves = [block.id for block in self.block.walk() if block.kind == "leaf"]
        self.renamed = self.random.choice(leaves)

    def _branch(self) -> None:
        split = [block for block in self.block.walk() if block.kind in ("and", "xor", "or")]
        if split:
            self.random.choice(split).parts.insert(0, self.fresh.sequence(1))

    def _wrap(self) -> None:
        sequence = self.random.choice(self._sequences())
        place = self.random.randrange(len(sequence.parts))
        if place == 0 and any(sequence in b.parts for b in self.block.walk() if b.kind in ("loop", "choice")):
            return
        inner = Block("seq", self.fresh.name("q"), [sequence.parts[place]])
        if self.random.random() < 0.5:
            sequence.parts[place] = Block("sub", self.fresh.name("s"), [inner])
        else:
            sequence.parts[place] = Block("and", self.fresh.name("g"), [inner, self.fresh.sequence(0)])
