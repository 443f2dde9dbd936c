"""What a phone keeps to open the call sheet without a network: a page with nobody in it, its worker, its manifest."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from repcrm.calls.terms import CallResult
from repcrm.catalogue.models import PackUnit
from repcrm.organisation.access import Permission
from repcrm.sync.operation import Kind
from repcrm.web.assets import asset
from repcrm.web.forms.calls import Offer, call_form
from repcrm.web.guards import public

bp = Blueprint("shell", __name__)

FILES = (
    "app.css", "img/icons-phone.svg", "img/icon.svg", "js/app.js", "js/toast.js", "js/menu.js", "js/form.js",
    "js/rating.js", "js/offline/draft.js", "js/offline/facts.js", "js/offline/flush.js", "js/offline/log.js",
    "js/offline/queue.js", "js/offline/sheet.js", "js/offline/store.js", "js/offline/words.js",
)  # fmt: skip
"""Everything the page needs, and nothing of anybody."""
ASKED_AGAIN = "no-cache"
ICONS = (("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "maskable"))


@dataclass(frozen=True)
class AnyProduct:
    """Stands for every product in the form that is filled in on the phone."""

    id: int = 0
    name: str = ""
    unit: PackUnit = PackUnit.BOX


@dataclass(frozen=True)
class AnyThing:
    """Stands for every doctor, competitor and follow-up there."""

    id: int = 0
    name: str = ""
    text: str = ""
    due_on: None = None
    department_name: None = None


@bp.get("/offline")
@public
def page() -> ResponseReturnValue:
    """Give the page that the phone fills with what it keeps."""
    any_thing = (AnyThing(),)
    offer = Offer((AnyProduct(),), {}, competitors=any_thing, others=any_thing, promises=any_thing)  # type: ignore[arg-type]  # stand-ins
    form = call_form(offer, formdata=None, meta={"csrf": False})
    html = render_template(
        "offline/page.html", form=form, products=offer.products, kinds=tuple(Kind), results=tuple(CallResult)
    )
    return _asked_again(Response(html))


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """Give the worker; with the offline call sheet switched off, one that takes itself and all it kept away."""
    name = "offline/worker.js" if current_app.config["REPCRM"].offline else "offline/no_worker.js"
    files = [asset(name) for name in FILES]
    response = Response(render_template(name, files=files, page=url_for(".page")), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    return _asked_again(response)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Describe the installed app."""
    described = {
        "id": "/", "name": "repcrm", "short_name": "repcrm", "start_url": "/today", "scope": "/",
        "display": "standalone", "background_color": "#f3f5f5", "theme_color": "#0b5f5e",
        "icons": [
            {"src": asset(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }  # fmt: skip
    response = jsonify(described)
    response.mimetype = "application/manifest+json"
    return _asked_again(response)


@bp.app_template_global()
def keeps_offline() -> bool:
    """Whether phones keep the call sheet to open it without a network."""
    return bool(current_app.config["REPCRM"].offline)


@bp.app_template_global()
def keeps_drafts() -> bool:
    """Whether the reader is one whose phone keeps drafts."""
    return bool(current_user.is_authenticated and current_user.may(Permission.LOG_CALLS))


def _asked_again(response: Response) -> Response:
    response.headers["Cache-Control"] = ASKED_AGAIN
    return response
