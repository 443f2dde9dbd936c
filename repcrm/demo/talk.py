"""What is said in one call of the demo company: purpose, products, result, rating, notes and the next step."""

from datetime import date, datetime, timedelta
from random import Random

from repcrm.calls.report import CallReport, CompetitorNote, ProductTalk, Promise
from repcrm.calls.terms import EFFECTIVE, CallPurpose, CallResult, CallType
from repcrm.catalogue.models import Product
from repcrm.demo.world import Person, World
from repcrm.organisation.models import User

RESULTS = (CallResult.GOAL_MET, CallResult.PARTLY, CallResult.NOT_MET, CallResult.DOCTOR_NOT_MET)
HABITS = ((48, 27, 14, 11), (52, 24, 13, 11), (40, 30, 18, 12), (55, 25, 10, 10), (34, 30, 22, 14), (45, 28, 15, 12),
          (33, 27, 24, 16), (47, 27, 15, 11))  # fmt: skip
"""Of each rep, how often a call ends how."""


class Talk:
    """One rep with one doctor."""

    def __init__(self, world: World, rep: User, person: Person, day: date, chance: Random) -> None:
        self.world, self.rep, self.person, self.day, self.chance = world, rep, person, day, chance
        self.products = self._fitting()

    def purposes(self) -> list[CallPurpose]:
        """What the call is for."""
        product = self.products[0]
        if self.person.is_nurse:
            return [CallPurpose.CHECK_STOCK]
        if not self._is_bought(product):
            return [CallPurpose.SUPPORT_LISTING]
        told = self.person.told.get(product.id)
        if told is None:
            first = CallPurpose.INTRODUCE_PRODUCT
        elif told >= 6:
            first = CallPurpose.MAINTAIN_USE
        else:
            first = self.chance.choices(
                (CallPurpose.INCREASE_USE, CallPurpose.SOLVE_PROBLEM, CallPurpose.OTHER), (10, 2, 1)
            )[0]
        more = self.chance.random() < 0.12
        return [first, CallPurpose.CHECK_STOCK] if more else [first]

    def report(
        self, at: datetime, rep_place: int, others: tuple[int, ...], kept: tuple[int, ...], purposes: list[CallPurpose]
    ) -> CallReport:
        """What the rep reports of it."""
        result = self.chance.choices(RESULTS, HABITS[rep_place % len(HABITS)])[0]
        product = self.products[0]
        met = result is not CallResult.DOCTOR_NOT_MET
        return CallReport(
            doctor_id=self.person.doctor_id,
            result=result,
            call_type=self._type(bool(others), met),
            started_at_time=at.time(),
            other_doctor_ids=others if met else (),
            purposes=tuple(purposes),
            products=tuple(self._talks(result)),
            competitors=self._rivals(product) if met else (),
            summary=self._words("summary", product) if met and self.chance.random() < 0.45 else "",
            follow_up=self._promise(at, product) if met else None,
            kept_follow_up_ids=kept if met else (),
        )

    def _fitting(self) -> list[Product]:
        """The rep's products that the department can use, those the hospital buys first."""
        world, person = self.world, self.person
        mine = [
            product
            for code, product in world.products.items()
            if world.holder.get((person.hospital_id, product.id)) is self.rep
        ]
        fit = [product for product in mine if person.ward.name in world.departments_of[product.code]]
        bought = [product for product in fit or mine if self._is_bought(product)]
        if bought:
            return self.chance.sample(bought, len(bought))
        return self.chance.sample(fit or mine, 1)

    def _is_bought(self, product: Product) -> bool:
        since_on = self.world.buying_from.get((self.person.hospital_id, product.id))
        return since_on is not None and since_on <= self.day

    def _type(self, several: bool, met: bool) -> CallType:
        if several and met:
            return CallType.ONE_TO_SEVERAL if self.chance.random() < 0.7 else CallType.DEPARTMENT_MEETING
        return CallType.PHONE if self.chance.random() < 0.05 else CallType.ONE_TO_ONE

    def _talks(self, result: CallResult) -> list[ProductTalk]:
        met = result is not CallResult.DOCTOR_NOT_MET
        talks = []
        for product in self.products[: 2 if met and self.chance.random() < 0.35 else 1]:
            rating = self._rating(product, result) if met and self.chance.random() < 0.65 else None
            stock = self.chance.randrange(0, 260) if self.chance.random() < 0.14 else None
            talks.append(ProductTalk(product.id, rating, stock))
        return talks

    def _rating(self, product: Product, result: CallResult) -> int | None:
        """What the doctor would say today: it moves with good and bad calls. Nurses are not rated."""
        person, one = self.person, product.id
        if person.is_nurse:
            return None
        luck = self.chance.random()
        if result in EFFECTIVE and luck < 0.18:
            person.leaning[one] = min(person.leaning[one] + 1, person.ceiling[one])
        elif luck > 0.95:
            person.leaning[one] = max(person.leaning[one] - 1, 1)
        return person.leaning[one]

    def _rivals(self, product: Product) -> tuple[CompetitorNote, ...]:
        if self.chance.random() > 0.07:
            return ()
        rival = self.chance.choice(self.world.competitors[product.id])
        return (CompetitorNote(rival.id, self.world.phrase(self.chance, "competitor_note")),)

    def _promise(self, at: datetime, product: Product) -> Promise | None:
        days = self.chance.choice((7, 7, 14, 14, 28))
        until_today = (self.world.today - self.day).days
        if until_today in (7, 14) and self.chance.random() < 0.4:
            days = until_today  # today's page opens with something to keep
        elif self.chance.random() > 0.2:
            return None
        due_on = at.date() + timedelta(days=days)
        return Promise(self.world.next_working_day(due_on), self._words("follow_up", product))

    def _words(self, kind: str, product: Product) -> str:
        rival = self.chance.choice(self.world.competitors[product.id]).name
        return self.world.phrase(self.chance, kind, product=product.name, competitor=rival)
