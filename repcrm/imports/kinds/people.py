"""Files of reps and regional leads, without passwords: added, renamed, moved to another role or region, deactivated."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from repcrm.core.codes import code_key
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.codes import find_by_codes
from repcrm.imports import values
from repcrm.imports.columns import Column
from repcrm.imports.kinds.codes import codes_on_file, refuse_mistakable
from repcrm.imports.kinds.doctors import WORKING
from repcrm.imports.kinds.shared import REGION, Context, Kind, find_region
from repcrm.imports.verdicts import Row, Verdict, refuse_duplicates
from repcrm.organisation import service
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.models import User
from repcrm.organisation.sign_in import normal_username
from repcrm.sales.models import ImportKind

ROLES = {
    "医药代表": "rep", "代表": "rep", "销售代表": "rep", "业务代表": "rep", "业务员": "rep", "MR": "rep", "rep": "rep",
    "sales rep": "rep", "representative": "rep", "medical representative": "rep",
    "地区经理": "lead", "大区经理": "lead", "区域经理": "lead", "DSM": "lead", "RSM": "lead", "lead": "lead",
    "regional lead": "lead", "regional manager": "lead", "district manager": "lead",
}  # fmt: skip
USERNAME = re.compile(r"[A-Za-z0-9._@-]+")

COLUMNS = (
    Column(
        "code", "Staff code", "工号", values.text(32), ("员工编号", "员工工号", "人员编码", "代表编码", "代表工号",
        "staff id", "employee id", "employee code", "employee number"),
        required=True, note=N_("Your own code of the person; a person on file under it is revised."),
        samples=("R101", "R101"),
    ),
    Column(
        "name", "Name", "姓名", values.text(100), ("员工姓名", "代表姓名", "full name", "employee name"),
        required=True, samples=("Chen Xiao", "陈晓"),
    ),
    Column(
        "username", "User name", "用户名", values.text(64), ("登录名", "登录账号", "账号", "帐号", "login", "user"),
        note=N_("To sign in with. If empty, it is the staff code; it cannot be changed later."),
        samples=("chen.xiao", "chenxiao"),
    ),
    Column(
        "role", "Role", "角色", values.one_of(ROLES), ("岗位", "职位", "职务", "position", "job title"),
        note=N_("Rep or regional lead; needed for a new person. Administrators are added on the Users page."),
        samples=("rep", "医药代表"), term=Role,
    ),
    replace(REGION, note=N_("Code or name of a region on file; needed for a new person.")),
    Column(
        "is_active", "Works here", "是否在职", values.one_of(WORKING), ("在职状态", "状态", "员工状态", "active"),
        note=N_("“no” deactivates the person; everything they did stays."), samples=("yes", "是"),
    ),
)  # fmt: skip


def judge(context: Context, rows: list[Row]) -> None:
    """Compare each row with the person of its code."""
    codes = {row.values["code"] for row in rows if "code" in row.values}
    names = {_username(row) for row in rows if "code" in row.values}
    by_code = find_by_codes(context.session, User, codes)
    by_username = {one.username: one for one in context.session.scalars(select(User).where(User.username.in_(names)))}
    for row in rows:
        find_region(context, row)
        person = row.found["person"] = by_code.get(code_key(row.values.get("code", "")))
        if row.is_stuck:
            continue
        if person is None:
            _check_new(row, by_username)
        else:
            _compare(row, person)
    refuse_duplicates(rows, lambda row: code_key(row.values["code"]))
    refuse_mistakable(context, rows, User, "person")
    refuse_duplicates(rows, lambda row: row.found["person"] or _username(row))


def take(context: Context, rows: list[Row], scope: Scope, now: datetime) -> None:
    """Add people who cannot sign in yet, and revise those on file."""
    for row in rows:
        person: User | None = row.found["person"]
        if row.verdict is Verdict.NEW:
            service.add_user(
                context.session,
                scope.user_id,
                code=row.values["code"],
                username=_username(row),
                name=row.values["name"],
                role=Role(row.values["role"]),
                region_id=row.found["region"].id,
                now=now,
            )
        elif row.verdict is Verdict.CHANGED and person is not None:
            _revise(context, row, person, scope, now)


def watch(context: Context, rows: list[Row]) -> Sequence[Select[Any]]:
    """The people named in the file."""
    return [select(User).where(User.code.in_(codes_on_file(rows, "person")))]


def _username(row: Row) -> str:
    return normal_username(row.values.get("username") or row.values["code"])


def _check_new(row: Row, by_username: dict[str, User]) -> None:
    if "role" not in row.values:
        row.refuse(BadInput(N_("A new person needs a role.")), "role")
    if row.found["region"] is None:
        row.refuse(BadInput(N_("A new person needs a region.")), "region")
    if row.values.get("is_active") == "no":
        row.refuse(BadInput(N_("This person no longer works here and is not on file. Remove the row.")), "is_active")
    of = "username" if "username" in row.values else "code"
    username = _username(row)
    if not USERNAME.fullmatch(username):
        row.refuse(BadInput(N_("A user name has letters, digits and . _ - @ only.")), of)
    elif username in by_username:
        row.refuse(
            BadInput(N_("The user name “%(username)s” belongs to %(name)s."), username=username,
                     name=by_username[username].name),
            of,
        )  # fmt: skip


def _compare(row: Row, person: User) -> None:
    if person.role is Role.ADMIN:
        row.refuse(
            BadInput(N_("%(name)s is an administrator. Change this on the Users page."), name=person.name), "code"
        )
        return
    if "username" in row.values and _username(row) != person.username:
        row.refuse(
            BadInput(N_("The user name on file is “%(username)s”; it cannot be changed."), username=person.username),
            "username",
        )
        return
    region = row.found["region"]
    after: dict[str, Any] = {name: row.values[name] for name in ("name", "role", "is_active") if name in row.values}
    if region is not None:
        after["region"] = region.code
    before = {
        "name": person.name,
        "role": person.role.value,
        "is_active": "yes" if person.is_active else "no",
        "region": person.region.code if person.region else None,
    }
    row.compare(before, after)


def _revise(context: Context, row: Row, person: User, scope: Scope, now: datetime) -> None:
    session, actor_id, reason = context.session, scope.user_id, context.file_name
    if "name" in row.changes:
        service.edit_user(
            session, actor_id, person, version=person.version, code=person.code, name=row.values["name"], now=now
        )
    if row.changes.keys() & {"role", "region"}:
        region = row.found["region"]
        service.change_role(
            session,
            actor_id,
            person,
            version=person.version,
            role=Role(row.values.get("role", person.role)),
            region_id=region.id if region is not None else person.region_id,
            reason=reason,
            now=now,
        )
    if "is_active" in row.changes:
        change = service.enable_user if row.values["is_active"] == "yes" else service.disable_user
        change(session, actor_id, person, reason=reason, now=now)


KIND = Kind(ImportKind.PEOPLE, COLUMNS, judge, take, watch)
