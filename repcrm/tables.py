"""Every table of the product: importing this completes `Base.metadata`.

`python -m repcrm.tables` writes the first migration afresh from the models (a developer's tool: it wants ruff).
"""

import subprocess
import sys

from repcrm.accounts import models as accounts
from repcrm.calls import models as calls
from repcrm.catalogue import models as catalogue
from repcrm.db import journal
from repcrm.db.base import Base
from repcrm.diary import models as diary
from repcrm.imports import models as imports
from repcrm.meeting import models as meeting
from repcrm.organisation import models as organisation
from repcrm.planning import models as planning
from repcrm.reports import models as reports
from repcrm.sales import models as sales
from repcrm.scheduler import models as scheduler
from repcrm.sync import models as sync
from repcrm.targets import models as targets
from repcrm.work import models as work

MODELS = (
    organisation, catalogue, accounts, calls, sync, sales, diary, targets, imports, planning, reports, meeting, work,
    scheduler, journal,
)  # fmt: skip

if __name__ == "__main__":
    from repcrm.db.migrations.regenerate import INITIAL, initial_migration  # Alembic, which no server needs to start

    INITIAL.write_text(initial_migration(Base.metadata), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(INITIAL)], check=True)
