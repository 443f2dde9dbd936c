"""The child: `python -P …/reading LIMITS`, the file on standard input, the sheets on standard output."""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))  # behind everything else: only for this package

from repcrm.imports.reading.limits import OUT_OF_MEMORY, Limits
from repcrm.imports.reading.reader import answer


def _limit(limits: Limits) -> None:
    try:
        import resource  # not on Windows, where the parent's clock is the only limit
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    chosen = Limits(**json.loads(sys.argv[1]))
    _limit(chosen)
    try:
        answer(sys.stdin.buffer, sys.stdout.buffer, chosen)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
