"""Who is asking: signing in and out, and the person's own page."""

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound, RuleBroken
from repcrm.core.words import N_
from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import db, login_manager
from repcrm.organisation import feeds, service, sign_in
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.organisation.models import LoginSession, User
from repcrm.organisation.queries import scope_of
from repcrm.settings import DEMO_PASSWORD, DEMO_SIGN_INS
from repcrm.web.addresses import own_page
from repcrm.web.browsers import browser_name
from repcrm.web.forms.identity import LanguageForm, PasswordForm, SignInForm
from repcrm.web.guards import is_api, public, signed_in, writes, writes_now

bp = Blueprint("identity", __name__)


@dataclass(frozen=True)
class Person:
    """The one who asks, as pages see them: a person and the sign-in of this browser."""

    user: User
    login: LoginSession
    token: str

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def get_id(self) -> str:
        """What the cookie carries: the token of the sign-in, never the person's key."""
        return self.token

    @property
    def id(self) -> int:
        """The person's key."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name colleagues read."""
        return self.user.name

    @property
    def role(self) -> Role:
        """What the person is to the field force."""
        return self.user.role

    @property
    def region_id(self) -> int | None:
        """The region of a rep or lead."""
        return self.user.region_id

    @property
    def language(self) -> str | None:
        """zh or en, or None to follow the browser."""
        return self.user.language

    def may(self, permission: Permission) -> bool:
        """Whether the role carries the permission."""
        return current_scope().may(permission)


def current_scope() -> Scope:
    """Return whose eyes this request looks through, today in the business time zone."""
    settings = current_app.config["REPCRM"]
    return scope_of(current_user.user, clock.today(settings.zone))


@bp.get("/sign-in", endpoint="sign_in")
@public
def sign_in_page() -> ResponseReturnValue:
    """Show the sign-in form; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(own_page(request.args.get("next")))
    return _sign_in_form(SignInForm(formdata=None, next=request.args.get("next", "")))


@bp.post("/sign-in", endpoint="sign_in_now")
@public
def sign_in_now() -> ResponseReturnValue:
    """Sign in. The attempt is committed before the password is looked at, and no lock is held while it is hashed."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_form(form), 422
    username, password, now = form.username.data or "", form.password.data or "", clock.now()
    begin_writing(db.session)
    try:
        sign_in.claim_attempt(db.session, username, now)
    except RuleBroken as refusal:
        db.session.rollback()
        form.refuse(refusal)
        return _sign_in_form(form), 429
    db.session.commit()
    user_id = sign_in.find_by_password(db.session, username, password)
    if user_id is None:
        form.refuse(RuleBroken(N_("User name or password is wrong.")))
        return _sign_in_form(form), 422
    return _signed_in(user_id, own_page(form.next.data))


@bp.post("/sign-out")
@signed_in
@writes
def sign_out() -> ResponseReturnValue:
    """End the sign-in of this browser."""
    sign_in.revoke_session(db.session, current_user.id, current_user.login.id, clock.now())
    language = session.get("language")
    logout_user()
    session.clear()
    session["language"] = language
    return redirect(url_for(".sign_in"))


@bp.post("/language")
@public
@writes
def language() -> ResponseReturnValue:
    """Change the language from wherever the reader is; without one, follow the browser again."""
    form = LanguageForm()
    if not form.validate():
        raise BadInput(N_("That language is not spoken here."))
    chosen = form.language.data or None
    session["language"] = chosen
    if current_user.is_authenticated:
        service.choose_language(db.session, current_user.user, chosen)
    return redirect(own_page(request.form.get("next")))


@bp.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """Show the person's own page: language, colours, password, sign-ins."""
    return _own_page()


@bp.post("/me/password")
@signed_in
@writes
def password() -> ResponseReturnValue:
    """Change the person's password; all other sign-ins end."""
    form, was_first = PasswordForm(), current_user.user.must_change_password
    if form.validate() and form.succeeds(
        lambda: service.change_own_password(
            db.session,
            current_user.user,
            current=form.current.data or "",
            password=form.password.data or "",
            now=clock.now(),
            keep_session_id=current_user.login.id,
        )
    ):
        flash(_("The password is changed. Other browsers are signed out."), "success")
        return redirect(url_for("home.page" if was_first else ".me"))
    return _own_page(password=form), 422


@bp.post("/me/sessions/<int:session_id>/revoke")
@signed_in
@writes
def revoke(session_id: int) -> ResponseReturnValue:
    """End one of the person's own sign-ins."""
    if not sign_in.revoke_session(db.session, current_user.id, session_id, clock.now()):
        raise NotFound(N_("This sign-in is over already."))
    flash(_("That browser is signed out."), "success")
    return redirect(url_for(".me"))


def init_identity(app: Flask) -> None:
    """Tell Flask-Login how a cookie becomes a person."""
    login_manager.init_app(app)
    login_manager.session_protection = "basic"
    login_manager.user_loader(_person_of)
    login_manager.unauthorized_handler(_to_sign_in)


def _person_of(token: str) -> Person | None:
    now = clock.now()
    login = sign_in.find_session(db.session, token, now)
    if login is None:
        return None
    if writes_now():
        login.seen_at = now
    return Person(login.user, login, token)


def _to_sign_in() -> ResponseReturnValue:
    if is_api():
        abort(401)
    comes_back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("identity.sign_in", next=comes_back))


def _signed_in(user_id: int, page: str) -> ResponseReturnValue:
    settings, now = current_app.config["REPCRM"], clock.now()
    begin_writing(db.session)
    user = db.session.get_one(User, user_id)
    token = sign_in.open_session(db.session, user, now, settings.session_lifetime, request.user_agent.string)
    login = sign_in.find_session(db.session, token, now)
    if login is None:
        db.session.rollback()
        raise RuleBroken(N_("User name or password is wrong."))
    language = session.get("language")
    session.clear()
    session["language"] = language
    session.permanent = True
    login_user(Person(user, login, token))
    db.session.commit()
    return redirect(page)


def _sign_in_form(form: SignInForm) -> str:
    names = DEMO_SIGN_INS if current_app.config["REPCRM"].demo else ()
    return render_template("identity/sign_in.html", form=form, demo_sign_ins=names, demo_password=DEMO_PASSWORD)


def _own_page(password: PasswordForm | None = None) -> str:
    user = current_user.user
    sign_ins = sign_in.list_sessions(db.session, user.id, clock.now())
    return render_template(
        "identity/me.html",
        person=user,
        language_form=LanguageForm(formdata=None, language=user.language or ""),
        password_form=password or PasswordForm(formdata=None),
        sessions=[(login, browser_name(login.agent)) for login in sign_ins],
        this_session_id=current_user.login.id,
        feeds=feeds.list_feeds(db.session, user.id) if current_user.may(Permission.LOG_CALLS) else None,
    )
