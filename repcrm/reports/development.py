"""Development: how many doctors and departments in scope have taken a product up."""

from collections.abc import Iterable

import pandas as pd

from repcrm.reports.coverage import DEVELOPED_FROM, Developed
from repcrm.reports.frames import Frames

COLUMNS = list(Developed._fields)
"""In scope and developed: departments, key doctors, general doctors. Counted per hospital, so that they add up."""


def development(frames: Frames) -> pd.DataFrame:
    """Count what is developed on the period's last day.

    returns  hospital and COLUMNS, a row per hospital of the region. A doctor is developed whose newest rating of
             any company product is 4 or more; a department, where such a doctor works. In scope are the departments
             marked so and the doctors who work in them
    """
    return _counted(frames, _developed(frames.ratings))


def development_of_products(frames: Frames) -> dict[int, pd.DataFrame]:
    """The same, with only the ratings of one product counting.

    returns  product -> hospital and COLUMNS
    """
    return {
        int(product): _counted(frames, _developed(frames.ratings[frames.ratings["product"] == product]))
        for product in frames.products["id"]
    }


def _developed(ratings: pd.DataFrame) -> Iterable[int]:
    return set(ratings.loc[ratings["rating"] >= DEVELOPED_FROM, "doctor"])


def _counted(frames: Frames, developed: Iterable[int]) -> pd.DataFrame:
    tier = dict(zip(frames.doctors["id"], frames.doctors["tier"], strict=True))
    posts = frames.posts[frames.posts["in_scope"].astype(bool)]
    posts = posts.assign(
        developed=posts["doctor"].isin(list(developed)),
        key=[tier[doctor] == "key" for doctor in posts["doctor"]],
    )
    doctors = posts.drop_duplicates(["hospital", "doctor"])
    key, general = doctors[doctors["key"].astype(bool)], doctors[~doctors["key"].astype(bool)]
    open_departments = posts.loc[posts["developed"], "department"].unique()
    departments = frames.departments.assign(developed=frames.departments["id"].isin(open_departments))
    counts = {"hospital": frames.hospitals["id"].to_list()}
    for name, table in (("departments", departments), ("key", key), ("general", general)):
        whole, part = table.groupby("hospital").size(), table[table["developed"]].groupby("hospital").size()
        counts[name] = [int(whole.get(hospital, 0)) for hospital in counts["hospital"]]
        counts[f"{name}_developed"] = [int(part.get(hospital, 0)) for hospital in counts["hospital"]]
    return pd.DataFrame(counts, columns=["hospital", *COLUMNS])
