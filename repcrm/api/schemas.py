"""What devices may send, and what they are answered: whether it is well-formed is judged here."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from repcrm.calls.report import LONGEST_SUMMARY
from repcrm.calls.terms import CallPurpose, CallResult, CallType, SheetStatus
from repcrm.imports.arrivals import ArrivalState
from repcrm.sync.facts import BLANK
from repcrm.sync.operation import Kind, Operation, Outcome
from repcrm.sync.pack import PackCall

MOST_OPERATIONS = 50
"""Operations in one batch."""


def _writable(text: str) -> str:
    """No keyboard types NUL or half a character, and databases do not keep them."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("no text has this character")
    return text


Key = Annotated[int, Field(gt=0, lt=2**31)]
Text = Annotated[str, AfterValidator(_writable)]
Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Entity = Annotated[
    str,
    StringConstraints(
        pattern=r"^((call|follow-up)-[0-9]{1,9}|sheet-[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
    ),
]
Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""By the clock of a device, however wrong, but such that every zone and database can keep it."""
FewKeys = Annotated[list[Key], Field(max_length=50)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_enum_values=True)


class Talk(_Strict):
    """A product talked about."""

    product_id: Key
    rating: Annotated[int, Field(ge=1, le=7)] | None = None
    stock_packs: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class Seen(_Strict):
    """A competitor noticed."""

    competitor_id: Key
    note: Annotated[Text, Field(max_length=300)] = ""


class Next(_Strict):
    """What was promised."""

    due_on: Day
    text: Annotated[Text, Field(max_length=500)] = ""


class Facts(_Strict):
    """Facts of a call; a change names only those that changed."""

    result: CallResult | None = None
    call_type: CallType = CallType.ONE_TO_ONE
    started_at_time: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None
    other_doctor_ids: FewKeys = []
    purposes: Annotated[list[CallPurpose], Field(max_length=len(CallPurpose))] = []
    products: Annotated[list[Talk], Field(max_length=50)] = []
    competitors: Annotated[list[Seen], Field(max_length=50)] = []
    summary: Annotated[Text, Field(max_length=LONGEST_SUMMARY)] = ""
    follow_up: Next | None = None
    kept_follow_up_ids: FewKeys = []

    def plain(self) -> dict[str, Any]:
        """The facts that were named, in the order of all facts, as the feature keeps them."""
        named = self.model_dump(mode="json", include=self.model_fields_set)
        for talks in ("products", "competitors"):
            if talks in named:
                named[talks] = [one.model_dump(mode="json") for one in getattr(self, talks)]
        named.get("competitors", []).sort(key=lambda one: one["competitor_id"])
        for keys in ("other_doctor_ids", "purposes", "kept_follow_up_ids"):
            if keys in named:
                named[keys] = sorted(set(named[keys]))
        return {name: named[name] for name in BLANK if name in named}


class OperationIn(_Strict):
    """One thing a rep did on a device."""

    op_id: Uuid
    entity_id: Entity
    kind: Kind
    device_time: Moment
    base_version: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    day_on: Day | None = None
    doctor_id: Key | None = None
    label: Annotated[Text, Field(max_length=100)] = ""
    fields: Facts = Facts()
    base: Facts = Facts()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in (Kind.LOG, Kind.REVISE) and (self.day_on is None or self.doctor_id is None):
            raise ValueError("a call has a day and a doctor")
        if self.kind == Kind.DELETE and self.base_version is None:
            raise ValueError("say which version is taken back")
        return self

    def operation(self, device_id: str) -> Operation:
        """The operation of a device."""
        return Operation(
            op_id=self.op_id,
            device_id=device_id,
            entity_id=self.entity_id,
            kind=Kind(self.kind),
            device_time=self.device_time,
            base_version=self.base_version,
            day_on=self.day_on,
            doctor_id=self.doctor_id,
            label=self.label,
            fields=self.fields.plain(),
            base=self.base.plain(),
        )


class Batch(BaseModel):
    """Operations of one device, in the order in which they were done; each is judged by itself."""

    model_config = ConfigDict(extra="forbid")

    user_id: Key
    """Whose they are: they are never taken for somebody else's."""
    device_id: Uuid
    operations: Annotated[list[dict[str, Any]], Field(max_length=MOST_OPERATIONS)]


class SheetState(BaseModel):
    """Where a sheet stands."""

    day_on: date
    status: SheetStatus


class Answer(BaseModel):
    """What became of an operation; the same, byte for byte, however often it is sent."""

    op_id: str | None
    outcome: Outcome | None
    """None: an accident; to be sent again."""
    code: str | None = None
    words: str | None = None
    field: str | None = None
    conflict_id: int | None = None
    call: PackCall | None = None
    sheet: SheetState | None = None


class Answers(BaseModel):
    """An answer for each operation of a batch, in its order."""

    answers: list[Answer]


class Token(BaseModel):
    """What a POST carries as X-CSRFToken, and whose it is."""

    token: str
    user_id: int
    role: str
    now: datetime


class Choice(BaseModel):
    """One of the possible answers to a question."""

    value: str
    words: str


class Open(BaseModel):
    """Something a person has to answer on the import page, or the sender by sending the file again."""

    key: str
    words: str
    choices: list[Choice]


class SalesFileRows(BaseModel):
    """How many rows of a file are what."""

    new: int
    changed: int
    unchanged: int
    rejected: int
    waiting: int
    """For a name that nobody knows yet."""
    aside: int
    """Set aside by a person."""


class SalesFile(BaseModel):
    """A sales file that was sent, and what has become of it."""

    id: int
    state: ArrivalState
    words: str
    """The state in words."""
    file_name: str
    digest: str
    """SHA-256 of the bytes."""
    period: str
    """Empty while it is not known."""
    mode: Literal["replace", "add"] | None
    received_at: datetime
    rows: SalesFileRows
    questions: list[Open]
    """Nothing of the file counts before these are answered."""
    names: list[Open]
    """Only the rows with these names wait for an answer."""
    rejected: list[str]
    """The first rejected rows, each with its reason."""


class Problem(BaseModel):
    """Why a request as a whole was not answered."""

    status: int
    words: str
    reference: str | None = None
