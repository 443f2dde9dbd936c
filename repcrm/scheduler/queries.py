"""Reading what the clock has run."""

from sqlalchemy import Select, false, select

from repcrm.organisation.access import Permission, Scope
from repcrm.organisation.models import Region
from repcrm.scheduler.models import JobRun


def list_runs(scope: Scope) -> Select[JobRun, str]:
    """The runs and the name of their region, the latest first; to be paged. None for who may not look at jobs."""
    runs = (
        select(JobRun, Region.name)
        .join(Region, Region.id == JobRun.region_id)
        .order_by(JobRun.claimed_at.desc(), JobRun.id.desc())
    )
    return runs if scope.may(Permission.VIEW_JOBS) else runs.where(false())
