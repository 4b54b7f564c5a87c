"""Worker processes that do tasks in order, whatever becomes of a worker.

A task at which one died is done again, alone. One at which workers die then, too, twice, is handed
back: what killed them is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from facewright.engine.hands import Answer, Death, Failure, Hands, Success
from facewright.errors import FacewrightError

ATTEMPTS = 2
_AHEAD = 3  # tasks a worker that are taken on before the first has its answer

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Crew(Generic[Task, Done]):
    """Workers.

    Attributes:
        do: what they do with a task; a function of a module, or a partial of one.
        give_up: what comes of a task that cannot be done, and why, in words: its workers died, or
            something failed that nobody foresaw. Called in this process.
        workers: how many.
        start: called in each worker as it starts.
    """

    do: Callable[[Task], Done]
    give_up: Callable[[Task, str], Done]
    workers: int
    start: Callable[[], None] | None = None

    def work(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Do tasks; their results in order.

        Raises:
            FacewrightError: of a task, as a full disk: it ends the work.
        """
        to_come = enumerate(tasks)
        done: dict[int, Done] = {}
        taken = told = 0
        with self._hands(self.workers) as hands:
            while True:
                room = min(hands.free, told + _AHEAD * self.workers - taken)
                for number, task in islice(to_come, room):
                    hands.give(number, task)
                    taken = number + 1
                if told == taken:
                    return
                done.update(self._some(hands))
                while told in done:
                    yield done.pop(told)
                    told += 1

    def alone(self, task: Task) -> Done:
        """Do one task in a process of its own."""
        for _ in range(ATTEMPTS):
            with self._hands(1) as hands:
                hands.give(0, task)
                [(_, _, answer)] = hands.wait()
            if not isinstance(answer, Death):
                return self._result(task, answer)
        return self.give_up(task, f"the process that worked on it alone died {ATTEMPTS} times")

    def _some(self, hands: Hands[Task, Done]) -> Iterator[tuple[int, Done]]:
        """Wait for results, with their tasks' numbers."""
        answers = hands.wait()
        if any(isinstance(answer, Death) for _, _, answer in answers):
            answers += hands.wait_for_all()  # memory may be short: alone means alone
        for number, task, answer in answers:
            yield number, self._result(task, answer)

    def _result(self, task: Task, answer: Answer[Done]) -> Done:
        """What comes of a task; raises what ends the work."""
        match answer:
            case Success(done):
                return done
            case Failure(FacewrightError() as error):
                raise error
            case Failure(error):
                return self.give_up(task, str(error))
            case Death():
                return self.alone(task)

    def _hands(self, workers: int) -> Hands[Task, Done]:
        return Hands(self.do, self.start, workers)
