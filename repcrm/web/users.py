"""The people who sign in: adding, roles, shutting out, passwords."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from repcrm.core import clock
from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import db
from repcrm.organisation import passwords, queries, service
from repcrm.organisation.access import Permission, Role
from repcrm.organisation.models import User
from repcrm.web.forms.users import AccessForm, FactsForm, NewUserForm, RoleForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope

bp = Blueprint("users", __name__, url_prefix="/admin/users")

MOST_PASSWORDS = 50
"""First passwords given at once: as many as are hashed within a few seconds."""


@bp.get("")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """List the people, filtered by words and role."""
    text, role = request.args.get("q", ""), request.args.get("role", "")
    chosen = Role(role) if role in set(Role) else None
    people = queries.list_users(db.session, current_scope(), text=text, role=chosen)
    return render_template(
        "users/index.html",
        people=people,
        text=text,
        role=chosen,
        roles=list(Role),
        without_password=len(queries.list_without_password(db.session, current_scope())),
        most=MOST_PASSWORDS,
    )


@bp.get("/new")
@requires(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    """Show the form for a new person."""
    return _new_page(NewUserForm(formdata=None, role=Role.REP.value))


@bp.post("/new")
@requires(Permission.MANAGE_USERS)
@writes
def add() -> ResponseReturnValue:
    """Add a person and show their first password, once."""
    form = _offer(NewUserForm())
    password = passwords.one_time_password()
    if form.validate() and form.succeeds(
        lambda: service.add_user(
            db.session,
            current_user.id,
            code=form.code.data,
            username=form.username.data,
            name=form.name.data,
            role=Role(form.role.data),
            region_id=form.region_id.data,
            now=clock.now(),
            password_hash=passwords.hash_password(password),
            must_change_password=True,
        )
    ):
        return render_template("users/password.html", person=form.result, password=password)
    return _new_page(form), 422


@bp.get("/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def edit(user_id: int) -> ResponseReturnValue:
    """Show a person with everything that can be done to them."""
    return _edit_page(_person(user_id))


@bp.post("/<int:user_id>")
@requires(Permission.MANAGE_USERS)
@writes
def save(user_id: int) -> ResponseReturnValue:
    """Change a person's code and name."""
    person, form = _person(user_id), FactsForm()
    if form.validate() and form.succeeds(
        lambda: service.edit_user(
            db.session,
            current_user.id,
            person,
            version=form.version.data or 0,
            code=form.code.data or "",
            name=form.name.data or "",
            now=clock.now(),
        )
    ):
        return _saved(user_id)
    return _edit_page(person, facts=form), 422


@bp.post("/<int:user_id>/role")
@requires(Permission.MANAGE_USERS)
@writes
def change_role(user_id: int) -> ResponseReturnValue:
    """Give a person another role or region."""
    person, form = _person(user_id), _offer(RoleForm(prefix="role-"))
    if form.validate() and form.succeeds(
        lambda: service.change_role(
            db.session,
            current_user.id,
            person,
            version=form.version.data,
            role=Role(form.role.data),
            region_id=form.region_id.data,
            reason=form.reason.data,
            now=clock.now(),
        )
    ):
        return _saved(user_id)
    return _edit_page(person, role=form), 422


@bp.post("/<int:user_id>/disable")
@requires(Permission.MANAGE_USERS)
@writes
def disable(user_id: int) -> ResponseReturnValue:
    """Shut a person out."""
    return _change_access(user_id, service.disable_user)


@bp.post("/<int:user_id>/enable")
@requires(Permission.MANAGE_USERS)
@writes
def enable(user_id: int) -> ResponseReturnValue:
    """Let a person in again."""
    return _change_access(user_id, service.enable_user)


@bp.post("/<int:user_id>/password")
@requires(Permission.MANAGE_USERS)
@writes
def reset_password(user_id: int) -> ResponseReturnValue:
    """Give a person a new password and show it, once."""
    person = _person(user_id)
    password = service.reset_password(db.session, current_user.id, person, now=clock.now())
    return render_template("users/password.html", person=person, password=password)


@bp.post("/first-passwords")
@requires(Permission.MANAGE_USERS)
@writes
def first_passwords() -> ResponseReturnValue:
    """Give people who have none yet a first password and show them, once."""
    actor_id = current_user.id
    waiting = queries.list_without_password(db.session, current_scope())[:MOST_PASSWORDS]
    made = {person.id: passwords.one_time_password() for person in waiting}
    db.session.rollback()  # nobody waits for this transaction while the passwords are hashed
    hashes = {user_id: passwords.hash_password(password) for user_id, password in made.items()}
    begin_writing(db.session)
    people = service.give_first_passwords(db.session, actor_id, hashes, now=clock.now())
    return render_template("users/passwords.html", given=[(person, made[person.id]) for person in people])


def _person(user_id: int) -> User:
    return queries.get_user(db.session, current_scope(), user_id)


def _offer(form: Any) -> Any:
    return form.offer(queries.list_regions(db.session, current_scope()))


def _saved(user_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".edit", user_id=user_id))


def _change_access(user_id: int, change: Any) -> ResponseReturnValue:
    person, form = _person(user_id), AccessForm(prefix="access-")
    if form.validate() and form.succeeds(
        lambda: change(db.session, current_user.id, person, reason=form.reason.data, now=clock.now())
    ):
        return _saved(user_id)
    return _edit_page(person, access=form), 422


def _new_page(form: NewUserForm) -> str:
    return render_template("users/new.html", form=_offer(form))


def _edit_page(
    person: User, facts: FactsForm | None = None, role: RoleForm | None = None, access: AccessForm | None = None
) -> str:
    shown = {"version": person.version, "role": person.role.value, "region_id": person.region_id}
    return render_template(
        "users/edit.html",
        person=person,
        is_oneself=person.id == current_user.id,
        facts=facts or FactsForm(formdata=None, obj=person),
        role=_offer(role or RoleForm(formdata=None, prefix="role-", data=shown)),
        access=access or AccessForm(formdata=None, prefix="access-"),
        wrong=next((form for form in (facts, role, access) if form is not None), None),
    )
